/**
 * Ids that follow from a command's own id: its last two hex digits count. A desk that decides on its own and the server
 * that decides the same later make the same ids, so that what is done next can speak of what was made.
 */
export const MOST_NUMBERED = 255;

/** Whether ids can follow from this command id: a UUIDv7 whose last two digits are left for them. */
export const canNumber = (commandId: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{10}00$/.test(commandId);

/** Leaves the last two digits of a UUID for what the command will make. */
export const commandIdFrom = (uuid: string): string => `${uuid.slice(0, -2)}00`;

/** The ids of what a command makes, in the order in which it makes it. @throws RangeError after 255. */
export function numberedFrom(commandId: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    if (count > MOST_NUMBERED) throw new RangeError('A command makes at most 255 rows.');
    return commandId.slice(0, -2) + count.toString(16).padStart(2, '0');
  };
}
