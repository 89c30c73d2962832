import { adminPictures } from './pictures/admin.ts';
import { createCamera } from './pictures/camera.ts';
import { type Clinic, openClinic } from './pictures/clinic.ts';
import { doctorPictures } from './pictures/doctor.ts';
import { doorPictures } from './pictures/door.ts';
import { otherLooks, specimens } from './pictures/looks.ts';
import { offlinePicture, receptionPictures, switchPicture } from './pictures/reception.ts';
import { fillClinic } from './pictures/stage.ts';
import { statePictures } from './pictures/states.ts';

/** `npm run pictures`: takes every picture of the documents anew, from the built product, as its people see it. */
export async function pictures(): Promise<void> {
  const camera = await createCamera();
  const within = async (clinic: Clinic, work: () => Promise<void>) => work().finally(clinic.close);
  try {
    const nothingYet = await openClinic({ demo: false });
    await within(nothingYet, () => doorPictures(camera, nothingYet));

    const demo = await openClinic({ demo: true });
    await within(demo, async () => {
      await fillClinic(demo);
      await receptionPictures(camera, demo);
      await doctorPictures(camera, demo);
      await otherLooks(camera, demo);
      await adminPictures(camera, demo);
      await switchPicture(camera, demo);
      await specimens(camera, demo);
      const states = await statePictures(camera, demo);
      const offline = await offlinePicture(camera, demo);
      await camera.sheet('states', 2, [...states, ['Away: since when, and what is not saved yet', offline]]);
    });
  } finally {
    await camera.close();
  }
}
