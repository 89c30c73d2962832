import type { Download } from '../contract/client.ts';
import type { DesktopHandlers } from '../contract/desktop.ts';
import { ApiError } from '../contract/kit.ts';
import type { Work } from './workstation/work.ts';

type Options = Readonly<{
  /** The work of this desk; null while nobody is signed in, or it is no paired desk. */
  work: () => Work | null;
  save: (start: () => Promise<Download>) => Promise<unknown>;
}>;
type Calls = `work.${string}` & keyof DesktopHandlers;

/** What the pages may ask of what was done at this desk. */
export function createDeskWork({ work, save }: Options): Pick<DesktopHandlers, Calls> {
  const mine = (): Work => {
    const found = work();
    if (!found) throw new ApiError('not_found');
    return found;
  };
  return {
    'work.list': () => work()?.list() ?? null,
    'work.prove': () => mine().prove(),
    'work.again'({ n }) {
      mine().again(n);
      return mine().list();
    },
    'work.setAside'({ n }) {
      mine().setAside(n);
      return mine().list();
    },
    async 'work.export'() {
      const body = new Blob([mine().unsent()]).stream();
      await save(async () => ({ filename: 'medlane-not-sent.csv', media: 'text/csv', body }));
      return null;
    },
  };
}
