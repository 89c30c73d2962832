import { Button, Collapse, Group, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CATEGORIES, SEXES, type Sex } from '../../domain/patient.ts';
import { useCommand } from '../commands.ts';
import { useDraft } from '../drafts.ts';
import { useFormat } from '../format.ts';
import { useNeedsServer } from '../own-desk.ts';
import type { Patient } from '../queries.ts';
import { useApi } from '../services.ts';
import { useToday } from '../today.ts';
import { Choices } from '../ui/Choices.tsx';
import { showInForm } from '../ui/errors.tsx';
import { HinderedButton } from '../ui/ServerButton.tsx';
import { readBirth } from './birth.ts';
import { Duplicates, useDuplicates } from './Duplicates.tsx';

type Props = Readonly<{
  /** The record to change; a new one when absent. */
  patient?: Patient;
  /** What was typed into the search: a name, or a phone number. */
  typed?: string;
  done: (patientId: string) => void;
  cancel: () => void;
}>;

/** Under this name a new patient's draft is kept. */
export const NEW_PATIENT = 'patient.new';

type Saved = Omit<Patient, 'lastVisits' | 'otherNumbers'>;

const orNull = (text: string) => text.trim() || null;
const SURE = 80;

function initialValues(patient: Patient | undefined, typed: string) {
  const isPhone = /^[\d+ ()-]+$/.test(typed);
  return {
    name: patient?.name ?? (isPhone ? '' : typed),
    birth: patient?.birthDate ?? '',
    sex: (patient?.sex ?? 'unknown') as Sex,
    phone: patient?.phone ?? (isPhone ? typed : ''),
    address: patient?.address ?? '',
    category: patient?.category ?? '01',
    nextOfKinName: patient?.nextOfKinName ?? '',
    nextOfKinPhone: patient?.nextOfKinPhone ?? '',
    allergies: patient?.allergies.map(({ substance }) => substance).join(', ') ?? '',
    notes: patient?.notes ?? '',
  };
}
type Values = ReturnType<typeof initialValues>;

/** A patient's record: four fields to begin with, the rest on demand; whoever may already be this person is shown while typing. */
export function PatientForm({ patient, typed = '', ...leave }: Props) {
  const { t } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const format = useFormat();
  const today = useToday();
  const needsServer = useNeedsServer();
  const duplicatesRef = useRef<HTMLDivElement>(null);
  const [more, { toggle }] = useDisclosure(patient !== undefined);
  const [warned, { open: warn }] = useDisclosure();
  const form = useForm({
    initialValues: initialValues(patient, typed),
    validate: {
      name: (value) => (value.trim() ? null : t('field.needed')),
      birth: (value) => (value === patient?.birthDate || readBirth(value, today) ? null : t('patient.birthWrong')),
    },
  });
  const birth = readBirth(form.values.birth, today);
  const forget = useDraft(
    patient ? `patient.${patient.id}` : NEW_PATIENT,
    form.isDirty() ? form.values : null,
    form.setValues,
  );
  const done = (patientId: string) => {
    forget();
    leave.done(patientId);
  };
  const cancel = () => {
    forget();
    leave.cancel();
  };
  const settings = {
    per: 'form' as const,
    onDone: (saved: Saved) => {
      // What the server just answered is the record: asking for it again would be one more entry in the audit log.
      client.setQueryData<Patient>(['patient', saved.id], (before) => ({
        ...saved,
        lastVisits: before?.lastVisits ?? [],
        otherNumbers: before?.otherNumbers ?? [],
      }));
      done(saved.id);
    },
    onError: (error: unknown) => showInForm(form, error),
  };
  const register = useCommand(api.patients.register, settings);
  const update = useCommand(api.patients.update, settings);

  const [{ name, phone, sex }] = useDebouncedValue(form.values, 250);
  const [found] = useDuplicates(patient ? null : { name: name.trim(), sex, phone: orNull(phone), ...(birth ?? {}) });

  function save(values: Values) {
    if (!patient && !warned && found.some(({ score }) => score >= SURE)) {
      warn();
      duplicatesRef.current?.focus();
      return;
    }
    const known =
      patient && values.birth === patient.birthDate
        ? { birthDate: patient.birthDate, birthDateEstimated: patient.birthDateEstimated }
        : birth;
    const before = new Map(patient?.allergies.map((allergy) => [allergy.substance, allergy]));
    const input = {
      name: values.name.trim(),
      ...(known ?? {}),
      sex: values.sex,
      phone: orNull(values.phone),
      address: orNull(values.address),
      category: values.category,
      nextOfKinName: orNull(values.nextOfKinName),
      nextOfKinPhone: orNull(values.nextOfKinPhone),
      allergies: values.allergies
        .split(/[,،]/)
        .map((word) => word.trim())
        .filter(Boolean)
        .map((substance) => before.get(substance) ?? { substance }),
      notes: orNull(values.notes),
    };
    void (patient ? update.run({ ...input, id: patient.id, expectedVersion: patient.version }) : register.run(input));
  }

  return (
    <form onSubmit={form.onSubmit(save)} noValidate onKeyDown={(event) => event.key === 'Escape' && cancel()}>
      <Stack gap="sm">
        <TextInput
          label={t('patient.name')}
          maxLength={200}
          autoFocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label={t('patient.birth')}
            description={
              birth?.birthDate
                ? `${format.age(birth.birthDate, today, birth.birthDateEstimated)}${birth.birthDateEstimated ? '' : ` · ${format.day(birth.birthDate)}`}`
                : t('patient.birthHint')
            }
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
            dir="ltr"
            {...form.getInputProps('birth')}
          />
          <TextInput
            label={t('patient.phone')}
            type="tel"
            autoComplete="off"
            maxLength={40}
            dir="ltr"
            {...form.getInputProps('phone')}
          />
        </SimpleGrid>
        <Choices
          small
          label={t('patient.sex')}
          choices={SEXES.map((value) => ({ value, label: t(`sex.${value}`) }))}
          value={form.values.sex}
          change={(sex) => form.setFieldValue('sex', sex)}
        />
        <div ref={duplicatesRef} tabIndex={-1}>
          <Duplicates found={found} urgent={warned} choose={(id) => done(id)} />
        </div>
        <Button variant="subtle" size="compact-sm" type="button" onClick={toggle} aria-expanded={more} w="fit-content">
          {t(more ? 'patient.less' : 'patient.more')}
        </Button>
        <Collapse expanded={more}>
          <Stack gap="sm">
            <TextInput
              label={t('patient.allergies')}
              description={t('patient.allergiesHint')}
              {...form.getInputProps('allergies')}
            />
            <TextInput label={t('patient.address')} maxLength={400} {...form.getInputProps('address')} />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
              <TextInput label={t('patient.kinName')} maxLength={200} {...form.getInputProps('nextOfKinName')} />
              <TextInput
                label={t('patient.kinPhone')}
                type="tel"
                maxLength={40}
                dir="ltr"
                {...form.getInputProps('nextOfKinPhone')}
              />
            </SimpleGrid>
            <NativeSelect
              label={t('patient.category')}
              data={CATEGORIES.map((value) => ({ value, label: value }))}
              {...form.getInputProps('category')}
            />
            <Textarea
              label={t('patient.notes')}
              autosize
              minRows={2}
              maxLength={4000}
              {...form.getInputProps('notes')}
            />
          </Stack>
        </Collapse>
        <Group justify="flex-end" className="form-actions">
          <Button variant="default" type="button" onClick={cancel}>
            {t('common.back')}
          </Button>
          <HinderedButton
            type="submit"
            loading={register.busy || update.busy}
            // A desk registers somebody by itself; a record that is there it leaves to the server.
            hindered={patient && needsServer ? t('link.needsServer') : null}
          >
            {t(patient ? 'common.save' : warned ? 'patient.saveAnyway' : 'patient.save')}
          </HinderedButton>
        </Group>
        {!patient && (
          <Text size="sm" c="dimmed">
            {t('patient.thenToken')}
          </Text>
        )}
      </Stack>
    </form>
  );
}
