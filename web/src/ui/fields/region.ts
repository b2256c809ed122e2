/** The workspace's currency and country: what editors start with. */

interface Region {
  currency: string;
  country: string;
}

let current: Region = { currency: "EUR", country: "" };

export function region(): Region {
  return current;
}

/** Called once the workspace is known. */
export function setWorkspaceRegion(currency: string, country: string): void {
  current = { currency: currency || "EUR", country };
}
