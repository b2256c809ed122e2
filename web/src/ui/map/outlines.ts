/** The outlines of countries, fetched once when the first map is opened. */
import { useQuery } from "@tanstack/react-query";
import { type Outline, outlines, type World } from "./projection";
import address from "./world.json?url";

const nothing: Outline[] = [];

async function load(): Promise<Outline[]> {
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`the outlines were answered with ${answer.status}`);
  }
  return outlines((await answer.json()) as World);
}

export function useOutlines(): { outlines: Outline[]; error: unknown; retry: () => void } {
  const { data, error, refetch } = useQuery({
    queryKey: ["outlines"],
    queryFn: load,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return { outlines: data ?? nothing, error, retry: () => void refetch() };
}
