import type { Camera } from './camera.ts';
import type { Clinic } from './clinic.ts';

/** The consulting room and the screen on the wall. The board is looked at first: it shows whom the room has called. */
export async function doctorPictures(camera: Camera, clinic: Clinic): Promise<void> {
  const wall = await camera.open(clinic, 'board', { viewport: { width: 1920, height: 1080 } });
  await wall.locator('.board-call').nth(2).waitFor();
  // A screen on a wall has been touched once when it was set up.
  await wall.keyboard.press('Shift');
  await wall.locator('.board-silent').waitFor({ state: 'detached' });
  await camera.shoot('board', wall);
  await wall.context().close();

  const page = await camera.open(clinic, 'doctor');
  await page.getByTestId('current-token').waitFor();
  await camera.shoot('doctor-called', page);
  await page.keyboard.press('e');
  await page.getByRole('status').getByText('In the room').waitFor();
  const note = page.getByRole('textbox', { name: 'Note for this visit' });
  await note.fill(
    'Short of breath since this morning. Allergic to penicillin.\nChest: crackles on the right. X-ray seen.\nPlan: azithromycin, again on Thursday.',
  );
  await note.blur();
  await page.getByText(/^Saved at/).waitFor();
  await camera.shoot('doctor', page);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await camera.shoot('keys', page.getByRole('dialog'));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('Space');
  await page.getByRole('dialog').waitFor();
  await camera.shoot('doctor-busy', page.getByRole('dialog'));
  await page.context().close();
}
