import { useTranslation } from 'react-i18next';
import { isolate, useFormat } from '../format.ts';
import type { FoundPatient, VisitRow } from '../queries.ts';
import { useToday } from '../today.ts';
import { InLine } from '../ui/InLine.tsx';

type Person = VisitRow['patient'] | FoundPatient;

/** A person's name, or the word for somebody whose name nobody knows yet. */
export function usePatientName(): (patient: Pick<Person, 'name' | 'identified'>) => string {
  const { t } = useTranslation();
  return ({ name, identified }) => (identified && name ? name : t('patient.unidentified'));
}

/** Age, sex, number, phone: what tells two people of one name apart. */
export function usePatientFacts(): (patient: Person) => string {
  const factsOf = useFactList();
  return (patient) => factsOf(patient).join(' · ');
}

/** The same, each fact kept on one line; `without` what stands beside it already, or is not needed. */
export function PatientFacts({
  patient,
  without,
  size = 'xs',
}: {
  patient: Person;
  without?: 'phone' | 'number';
  size?: 'xs' | 'sm';
}) {
  const facts = useFactList()(patient, without);
  return (
    <span className="person-facts" data-size={size}>
      <InLine>{facts}</InLine>
    </span>
  );
}

function useFactList(): (patient: Person, without?: 'phone' | 'number') => string[] {
  const { t } = useTranslation();
  const format = useFormat();
  const today = useToday();
  return (patient, without) =>
    [
      patient.birthDate ? format.age(patient.birthDate, today, patient.birthDateEstimated) : null,
      patient.sex === 'unknown' ? null : t(`sex.${patient.sex}`),
      without === 'number' ? null : isolate(patient.registrationNumber),
      patient.phone && without !== 'phone' ? isolate(patient.phone) : null,
    ].filter((fact) => fact !== null);
}
