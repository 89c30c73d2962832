import { BlockList, isIP } from 'node:net';
import type { Platform, Role } from '../../domain/people.ts';

type Account = Readonly<{ platforms: readonly Platform[]; ranges: readonly string[] }>;

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether an address lies in one of these networks. */
function liesIn(origin: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list.check(origin, familyOf(origin));
}

/**
 * Whether an account may be used by this, from there. Nothing said is everything; the server's own computer is inside every
 * network, so that nobody shuts the clinic's administrators out by a slip of the pen.
 */
export function mayComeFrom({ platforms, ranges }: Account, platform: Platform, origin: string): boolean {
  if (platforms.length > 0 && !platforms.includes(platform)) return false;
  return ranges.length === 0 || origin === 'local' || liesIn(origin, ranges);
}

/** In which branch somebody begins: a desk belongs to its branch, anybody else begins at home. Null: that desk is not theirs. */
export function branchHere(
  user: Readonly<{ branchId: string; roles: readonly Role[] }>,
  desk: Readonly<{ station: unknown; branchId: string | null }>,
): string | null {
  if (!desk.station || desk.branchId === user.branchId) return user.branchId;
  return user.roles.includes('super_admin') ? desk.branchId : null;
}
