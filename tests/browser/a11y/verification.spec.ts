import { pngOf } from '../../support/documents.ts';
import { LOOKED_AT, type Stage, stage } from '../support/look.ts';
import { expect, signIn, test } from '../support/test.ts';

// As in account.spec.ts: no axe violation in light and dark, nothing wider than the window, every word in the person's
// language. Here: identity documents, as they are handed in and as they are looked at.
test.describe.configure({ mode: 'parallel', timeout: 150_000 });

for (const language of LOOKED_AT) {
  test(`identity documents, handed in and looked at, in ${language}`, async ({ visitor, clinic }) => {
    const admin = await clinic.api('admin');
    await admin.settings.updateDocuments({ staffDocuments: ['in_aadhaar', 'in_bank_account', 'address_proof'] });
    // Each language has somebody of its own.
    const username = language === 'en' ? 'nurse' : 'pharmacist';
    const own = await clinic.api(username);
    const { id: subjectId, name } = await own.auth.me();
    const whose = { subject: 'staff', subjectId } as const;
    const { page, say, look, typed } = await stage(visitor, language);
    typed(`${name} card.png`);
    await signIn(page, username, clinic.password, say);
    await page.goto('/#/account');
    await expect(page.getByText(say('identity.ownText'))).toBeVisible();

    const file = new Blob([new Uint8Array(pngOf())]);
    const bank = { account: '00123456789', ifsc: 'HDFC0001234' };
    await own.identity.save({ ...whose, kind: 'in_aadhaar', fields: { number: '234123412346' } });
    await own.identity.save({ ...whose, kind: 'in_bank_account', fields: bank, again: { account: bank.account } });
    for (const kind of ['in_aadhaar', 'in_bank_account'] as const)
      await own.identity.addFile({ ...whose, kind, filename: 'card.png', file });
    await expect(page.getByText('•••• 6789')).toBeVisible();
    await look('identity');
    await own.identity.addFile({ ...whose, kind: 'address_proof', filename: 'card.png', file });
    await own.identity.submit(whose);

    const other = await stage(visitor, language);
    other.typed(`${name} card.png`);
    await signIn(other.page, 'admin', clinic.password, say);
    await review(other, name);
  });
}

async function review({ page, say, look }: Stage, name: string) {
  await page.goto('/#/admin/verification');
  const open = page.getByRole('button', { name: `${say('verification.look')} ${name}` });
  await open.waitFor();
  await look('verification');
  await open.click();
  await page.getByRole('dialog').getByRole('button', { name: 'card.png' }).first().click();
  await expect(page.getByRole('img', { name: 'card.png' })).toBeVisible();
  await page.getByRole('button', { name: say('verification.step.reject') }).click();
  await expect(page.getByText(say('verification.remarksNeeded'))).toBeVisible();
  await look('verification-review');
}
