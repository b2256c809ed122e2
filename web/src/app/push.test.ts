/** Web push in this browser: what stands in its way, keys, fingerprints, clicks. */
import { describe, expect, it } from "vitest";
import { bytesOf, fingerprintOf, isFor, obstacleOf } from "./push";

const fine = { isSecure: true, hasWorkers: true, hasPush: true, permission: "default", agent: "Firefox" };

describe("obstacleOf", () => {
  it("is nothing where one may ask", () => {
    expect(obstacleOf(fine)).toBeUndefined();
    expect(obstacleOf({ ...fine, permission: "granted" })).toBeUndefined();
  });
  it("names what has to change first", () => {
    expect(obstacleOf({ ...fine, isSecure: false, hasWorkers: false })).toBe("insecure");
    expect(obstacleOf({ ...fine, hasPush: false })).toBe("unsupported");
    expect(obstacleOf({ ...fine, permission: undefined })).toBe("unsupported");
    expect(obstacleOf({ ...fine, hasPush: false, agent: "Mozilla/5.0 (iPhone; CPU)" })).toBe("home_screen");
    expect(obstacleOf({ ...fine, permission: "denied" })).toBe("denied");
  });
});

describe("keys", () => {
  it("are read from base64url with and without its own letters", () => {
    expect([...bytesOf("-_8A")]).toEqual([251, 255, 0]);
  });
  it("tell for which workspace a subscription was made", () => {
    const made = bytesOf("BAEC").buffer;
    expect(isFor(made, "BAEC")).toBe(true);
    expect(isFor(made, "BAED")).toBe(false);
    expect(isFor(null, "BAEC")).toBe(false);
  });
});

describe("fingerprintOf", () => {
  it("is the SHA-256 of the address", async () => {
    const found = await fingerprintOf("abc");
    expect(found).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
