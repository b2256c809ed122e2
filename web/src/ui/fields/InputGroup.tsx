/** Name, hint and problem around several inputs that are one value. */
import { Input } from "@mantine/core";
import type { ReactNode } from "react";
import { type EditorProps, inputProps } from "./kind";

export function InputGroup({ of, children }: { of: EditorProps; children: ReactNode }) {
  const { label, description, error, withAsterisk, inputWrapperOrder, size } = inputProps(of);
  const wrapper = { label, description, error, withAsterisk, inputWrapperOrder, size };
  return (
    <Input.Wrapper {...wrapper} labelElement="div">
      {children}
    </Input.Wrapper>
  );
}
