/** The one way to the server: JSON in and out, problems as `ApiProblem`, every title that comes along remembered. */
import { fieldSentence } from "./sentences";
import { rememberTitles } from "./titles";
import type { Included, ProblemBody } from "./types";

export const base = "/api/v1";

export type Params = { [name: string]: string | number | boolean | null | undefined };

/** An error answer of the server, or `offline` when there was none. */
export class ApiProblem extends Error {
  constructor(readonly problem: ProblemBody) {
    super(problem.detail ?? problem.title);
    this.name = "ApiProblem";
  }
  get status(): number {
    return this.problem.status;
  }
  get code(): string {
    return this.problem.code;
  }
  /** What is wrong with one field, if that is said. */
  field(name: string): string | undefined {
    const found = this.problem.fields?.find((entry) => entry.field === name);
    return found && fieldSentence(found);
  }
}

export interface RequestOptions {
  /** Sent as If-Match. */
  version?: number;
  signal?: AbortSignal;
  /** Is sent even while the page goes. */
  keepalive?: boolean;
  headers?: { [name: string]: string };
  /** Makes repeating the request safe. */
  idempotencyKey?: string;
}

/** Called when the session has ended. */
let signedOut: () => void = () => {};
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** The address of a path with its parameters; missing ones are left out. */
export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return `${base}${path}${text ? `?${text}` : ""}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const fallback: ProblemBody = {
    title: response.statusText || String(response.status),
    status: response.status,
    code: "unknown",
  };
  try {
    const body = (await response.json()) as ProblemBody;
    return new ApiProblem({ ...fallback, ...body });
  } catch {
    return new ApiProblem(fallback);
  }
}

/** Sends a request and gives the response when it is a success. */
export async function send(
  method: string,
  path: string,
  params: Params,
  body: BodyInit | null,
  options: RequestOptions,
): Promise<Response> {
  const headers: { [name: string]: string } = { Accept: "application/json", ...options.headers };
  if (method !== "GET") {
    // Proves that no other site sends this. Reading needs no proof, and without it the page's own preload is used.
    headers["X-Rapport"] = "1";
  }
  if (options.version !== undefined) {
    headers["If-Match"] = `"${options.version}"`;
  }
  if (options.idempotencyKey) {
    headers["Idempotency-Key"] = options.idempotencyKey;
  }
  let response: Response;
  try {
    response = await fetch(address(path, params), {
      method,
      headers,
      body,
      signal: options.signal,
      keepalive: options.keepalive,
      credentials: "same-origin",
    });
  } catch (error) {
    if (options.signal?.aborted) {
      throw error;
    }
    throw new ApiProblem({ title: "offline", status: 0, code: "offline" });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && path !== "/session") {
      signedOut();
    }
    throw problem;
  }
  return response;
}

async function json<T>(
  method: string,
  path: string,
  params: Params,
  body: unknown,
  options: RequestOptions,
): Promise<T> {
  const headers: { [name: string]: string } = { ...options.headers };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  const text = body === undefined ? null : JSON.stringify(body);
  const response = await send(method, path, params, text, { ...options, headers });
  if (response.status === 204) {
    return undefined as T;
  }
  const answer = (await response.json()) as T & { included?: Included };
  if (answer && typeof answer === "object" && answer.included) {
    rememberTitles(answer.included);
  }
  return answer;
}

export const api = {
  get: <T>(path: string, params: Params = {}, options: RequestOptions = {}) =>
    json<T>("GET", path, params, undefined, options),
  post: <T>(path: string, body: unknown = {}, options: RequestOptions = {}) => json<T>("POST", path, {}, body, options),
  put: <T>(path: string, body: unknown = {}, options: RequestOptions = {}) => json<T>("PUT", path, {}, body, options),
  patch: <T>(path: string, body: unknown, options: RequestOptions = {}) => json<T>("PATCH", path, {}, body, options),
  delete: <T>(path: string, options: RequestOptions = {}) => json<T>("DELETE", path, {}, undefined, options),
  /** Sends a file as it is. */
  async upload<T>(path: string, params: Params, file: Blob, options: RequestOptions = {}): Promise<T> {
    const headers = { "Content-Type": file.type || "application/octet-stream", ...options.headers };
    const response = await send("POST", path, params, file, { ...options, headers });
    return (await response.json()) as T;
  },
};
