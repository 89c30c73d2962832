import { expect, onlyWaiting, test } from './support/test.ts';

// What a screen reader finds on the places people work at: which parts, by which names, in which order.

const HEADER = (name: string, place: string) => `
  - banner:
    - link "Skip to the content"
    - navigation "Places":
      - link "${place}"
    - status: Connected
    - button "Search"
    - button "Keyboard shortcuts"
    - combobox "Language"
    - button "${name}"`;

test('reception: who is it, then everyone of today', async ({ enter }) => {
  const page = await enter('reception');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    ${HEADER('Rosa Dizon', 'Reception')}
  - main:
    - heading "Reception" [level=1]
    - combobox "Find a patient"
    - button "New patient"
    - button "Unidentified patient"
    - heading "Queues now" [level=2]
    - list:
      - listitem:
        - paragraph: A General
        - paragraph: /waiting/
    - heading "Today" [level=2]
    - combobox "Queue"
    - combobox "State"
    - region "Today":
      - table "Today":
        - rowgroup:
          - row "Token Patient Queue State Place Waiting Actions"
        - rowgroup:
          - row /^A-\\d+ .* Waiting/:
            - cell /^A-\\d+/
            - cell /years/
            - cell "A"
            - cell "Waiting"
            - cell /\\d+/
            - cell /min/
            - cell:
              - button /Actions for A-\\d+/
`);
});

test('the consulting room: call, the patient who is here, the line', async ({ enter, clinic }) => {
  const { doctor, queueId, roomId, tokens } = await onlyWaiting(clinic, ['Farzana Wunderlich', 'Teodoro Quibuyen'], {
    allergies: [{ substance: 'Penicillin' }],
  });
  const called = await doctor.queues.callNext({ id: queueId, roomId });
  await doctor.visits.enter({ id: called.id, stepId: called.stepId, expectedVersion: called.version });
  const page = await enter('doctor');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    ${HEADER('Dr. Sana Malik', 'Consulting room')}
  - main:
    - heading "Room 1" [level=1]
    - button "Change room"
    - region "Call next":
      - 'button "Call next: General"'
    - region "Current patient":
      - heading "Farzana Wunderlich" [level=2]
      - status:
        - text: In the room
      - paragraph: /Penicillin/
      - button "Finish"
      - button "Back to waiting"
      - button "Set aside"
      - button "Transfer"
      - textbox "Note for this visit"
      - region "Last visits":
        - heading "Last visits" [level=3]
    - heading "Waiting" [level=2]
    - region "Waiting":
      - table "Waiting":
        - rowgroup:
          - row "Place Patient Actions"
        - rowgroup:
          - row /A 1 ${tokens[1]} Teodoro Quibuyen/:
            - cell "A 1"
            - cell /${tokens[1]} Teodoro Quibuyen/
            - cell:
              - button /Why this place/
              - button "Call ${tokens[1]}"
`);
});

test('the board: the calls, then each queue with who is next', async ({ enter, clinic }) => {
  const { doctor, queueId, roomId, tokens } = await onlyWaiting(clinic, ['Farzana Wunderlich', 'Teodoro Quibuyen']);
  await doctor.queues.callNext({ id: queueId, roomId });
  const page = await enter('board');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
  - banner:
    - heading "Green Valley Clinic" [level=1]
    - text: Waiting room
    - time
  - main:
    - region "Calls":
      - article: ${tokens[0]} Room 1 Please come in
    - region "Queues":
      - article:
        - heading "General" [level=2]
        - text: Next
        - paragraph: ${tokens[1]}
        - paragraph: /1 waiting/
      - article:
        - heading "Children" [level=2]
      - article:
        - heading "Pharmacy" [level=2]
`);
});

test('the administration: its pages, what needs somebody, the figures, the queues', async ({ enter }) => {
  const page = await enter('admin');
  await expect(page.locator('body')).toMatchAriaSnapshot(`
    ${HEADER('Amna Farooq', 'Administration')}
  - main:
    - navigation "Administration pages":
      - link "Now"
      - link "Patients"
      - link "Import"
      - link "Queues & rooms"
      - link "Users"
      - link "Security"
      - link "Desks & screens"
      - link "Audit"
      - link "Boards"
      - link "Settings & backups"
    - heading "Now" [level=1]
    - alert "The encryption key"
    - alert "Backups"
    - heading /Clinic day/ [level=2]
    - term: Waiting
    - definition: /\\d+/
    - heading "Queues" [level=2]
    - region "Queues":
      - table "Queues":
        - rowgroup:
          - row "Code Name State Waiting Longest wait Wait of a newcomer Rooms Actions"
        - rowgroup:
          - row /A General Open .* Pause A Close A/
    - heading "Were the expected waits right?" [level=2]
    - heading "Closed days" [level=2]
    - list
`);
});
