import { Button, Group, Loader, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../commands.ts';
import { me, type Room, roomList } from '../queries.ts';
import { useApi } from '../services.ts';
import { Page, Panel } from '../ui/Page.tsx';
import { ServerButton } from '../ui/ServerButton.tsx';
import { WorkingRoom } from './WorkingRoom.tsx';

/** A doctor's, nurse's or pharmacist's desk: first the room, then the people. The server remembers the room. */
export function Doctor() {
  const { t } = useTranslation();
  const api = useApi();
  const mine = useQuery(me(api));
  const rooms = useQuery(roomList(api));
  const [choosing, setChoosing] = useState(false);
  if (!mine.data || !rooms.data) return <Loader aria-label={t('common.loading')} />;
  const room = rooms.data.items.find(({ id }) => id === mine.data.workingInRoomId);
  if (!room || choosing) return <RoomChoice rooms={rooms.data.items} current={room} done={() => setChoosing(false)} />;
  return <WorkingRoom room={room} change={() => setChoosing(true)} />;
}

function RoomChoice({ rooms, current, done }: { rooms: readonly Room[]; current: Room | undefined; done: () => void }) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const [roomId, setRoomId] = useState<string | null>(current?.id ?? rooms[0]?.id ?? null);
  const refresh = () => Promise.all(['me', 'rooms'].map((name) => client.invalidateQueries({ queryKey: [name] })));
  const work = useCommand(api.rooms.work, { onDone: () => void refresh().then(done) });
  const leave = useCommand(api.rooms.leave, { onDone: () => void refresh().then(done) });
  return (
    <Page title={t('place.doctor')}>
      <Panel>
        <Stack maw="28rem">
          <Select
            label={t('doctor.iWorkIn')}
            description={t('doctor.iWorkInHint')}
            data={rooms.map(({ id, name, workers }) => ({
              value: id,
              label:
                workers.length > 0
                  ? `${name} · ${workers.map((worker) => worker.name).join(t('common.listComma'))}`
                  : name,
            }))}
            value={roomId}
            onChange={setRoomId}
            size="md"
            autoFocus
            // Typing replaces the room that is suggested.
            onFocus={(event) => event.currentTarget.select()}
            searchable
          />
          {rooms.length === 0 && <Text>{t('doctor.noRooms')}</Text>}
          <Group>
            <ServerButton
              size="md"
              disabled={!roomId}
              loading={work.busy}
              onClick={() => roomId && void work.run({ id: roomId })}
            >
              {t('doctor.begin')}
            </ServerButton>
            {current && (
              <>
                <ServerButton variant="default" loading={leave.busy} onClick={() => void leave.run({ id: current.id })}>
                  {t('doctor.leave', { room: current.name })}
                </ServerButton>
                <Button variant="subtle" onClick={done}>
                  {t('common.back')}
                </Button>
              </>
            )}
          </Group>
        </Stack>
      </Panel>
    </Page>
  );
}
