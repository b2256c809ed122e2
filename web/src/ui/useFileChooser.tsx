/** Files chosen from the disk: a hidden input that a button of the page opens. */
import { type ReactNode, useRef } from "react";

interface Options {
  /** Endings and types to choose among. */
  accept?: string;
  multiple?: boolean;
  /** For who finds the input itself. */
  label?: string;
  testId?: string;
}

/** `choose` opens it; `chooser` stands somewhere on the page. The same file can be chosen twice in a row. */
export function useFileChooser(take: (files: File[]) => void, options: Options = {}) {
  const input = useRef<HTMLInputElement>(null);
  const chooser: ReactNode = (
    <input
      ref={input}
      type="file"
      accept={options.accept}
      multiple={options.multiple}
      hidden
      aria-label={options.label}
      data-testid={options.testId}
      onChange={(event) => {
        const files = [...(event.currentTarget.files ?? [])];
        event.currentTarget.value = "";
        if (files.length > 0) {
          take(files);
        }
      }}
    />
  );
  return { choose: () => input.current?.click(), chooser };
}
