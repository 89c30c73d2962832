const BEGIN = `[^",\\r\\n\\t=+\\-@\\uFF1D\\uFF0B\\uFF0D\\uFF20]`;
const PLAIN = `(?:${BEGIN}[^",\\r\\n]*)?`;
/** Cells side by side of which each can be written as it is; by their number, so that no comma within one goes unseen. */
const plainRuns = new Map<number, RegExp>();

function isPlain(run: string, cells: number): boolean {
  let known = plainRuns.get(cells);
  if (!known) {
    known = new RegExp(`^${PLAIN}(?:,${PLAIN}){${cells - 1}}$`);
    plainRuns.set(cells, known);
  }
  return known.test(run);
}

/** What RFC 4180 wants in quotes. A lone CR or LF counts, too: some programs end a row there. */
const SPECIAL = /[",\r\n]/;
/** What a spreadsheet would take for the beginning of a formula; the wide forms as well, which it narrows. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(text) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const QUOTE = 0x22;

export type CsvBytes = Readonly<{
  /** Adds a row. Cells that begin with a brace are taken for JSON. */
  row: (cells: readonly string[]) => void;
  /** How many bytes have been gathered. */
  size: () => number;
  /** Shows what was gathered, until the next row is added, and begins anew. */
  take: () => Uint8Array;
}>;

/**
 * Rows as UTF-8 with CRLF, the same as csv-stringify writes them with `escape_formulas` (a test compares the two): the
 * library makes an options object for every cell, which took 40 % of an export's time. Here the cells between two JSON
 * texts are looked at together, and the quotes of the JSON are doubled byte by byte.
 */
export function createCsvBytes(room: number): CsvBytes {
  let bytes = Buffer.allocUnsafe(room);
  let end = 0;
  let json = Buffer.allocUnsafe(4096);

  const ensure = (more: number) => {
    if (end + more <= bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (end + more));
    bytes.copy(larger, 0, 0, end);
    bytes = larger;
  };
  const write = (text: string) => {
    ensure(3 * text.length);
    end += bytes.write(text, end);
  };
  const writePlain = (cells: readonly string[]) => {
    const run = cells.join();
    write(isPlain(run, cells.length) ? run : cells.map(cell).join());
  };
  const writeJson = (text: string) => {
    if (!SPECIAL.test(text)) return write(text);
    if (json.length < 3 * text.length) json = Buffer.allocUnsafe(6 * text.length);
    const length = json.write(text);
    ensure(2 * length + 2);
    bytes[end++] = QUOTE;
    for (let at = 0; at < length; at += 1) {
      const byte = json[at] as number;
      bytes[end++] = byte;
      if (byte === QUOTE) bytes[end++] = QUOTE;
    }
    bytes[end++] = QUOTE;
  };

  return {
    row(cells) {
      let plainFrom = 0;
      for (const [index, text] of cells.entries()) {
        if (!text.startsWith('{')) continue;
        if (index > plainFrom) {
          writePlain(cells.slice(plainFrom, index));
          write(',');
        }
        writeJson(text);
        if (index < cells.length - 1) write(',');
        plainFrom = index + 1;
      }
      if (plainFrom < cells.length) writePlain(cells.slice(plainFrom));
      write('\r\n');
    },
    size: () => end,
    take() {
      const taken = bytes.subarray(0, end);
      end = 0;
      return taken;
    },
  };
}
