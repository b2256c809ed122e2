/** Cells to and from the clipboard, as spreadsheets write them: tabs between columns, lines between rows, quotes around what holds either. */

export function writeCells(rows: string[][]): string {
  return rows.map((row) => row.map(writeCell).join("\t")).join("\n");
}

function writeCell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function readCells(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  const input = text.replaceAll("\r\n", "\n").replace(/\n$/, "");
  for (let at = 0; at < input.length; at++) {
    const sign = input[at];
    if (quoted && sign === '"' && input[at + 1] === '"') {
      cell += '"';
      at++;
    } else if (sign === '"' && (quoted || cell === "")) {
      quoted = !quoted;
    } else if (sign === "\t" && !quoted) {
      endCell();
    } else if (sign === "\n" && !quoted) {
      endCell();
      rows.push([]);
    } else {
      cell += sign;
    }
  }
  endCell();
  return rows;
}
