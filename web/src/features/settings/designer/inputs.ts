/** What the inputs of the designer share: their size, and the hint below, so that inputs beside each other stay in line. */
export const input = {
  size: "xs",
  inputWrapperOrder: ["label", "input", "description", "error"] as ("label" | "input" | "description" | "error")[],
} as const;
