/** How high the rows of tables are; kept in this browser. */
import { createSavedStore } from "../../app/store";

export const density = createSavedStore<"compact" | "comfortable">("rapport.list.density", "compact");
