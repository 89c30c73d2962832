import { openReply } from '../contract/client.ts';
import type { DesktopAnswer, DesktopCall, DesktopInput } from '../contract/desktop.ts';
import type { Bridge } from './api.ts';

/** Asks this computer's own program about itself. A browser has none. @throws ApiError */
export async function askDesktop<N extends DesktopCall>(
  bridge: Bridge,
  name: N,
  input: DesktopInput<N>,
): Promise<DesktopAnswer<N>> {
  return openReply(await bridge.call(name, input, {})) as DesktopAnswer<N>;
}
