import { dayFigures, type ReportedStep } from '../../domain/day-report.ts';
import type { PaperLanguage, SlipFormat } from '../../domain/paper.ts';
import { LEFT_UNSEEN } from '../../domain/reasons.ts';
import { createPaper, type Setting } from '../../paper/paper.ts';
import { createChance } from '../day/random.ts';

/** A clinic in each language, with the mixtures that its papers really hold. */
const CLINICS: Record<PaperLanguage, ReturnType<typeof english>> = {
  en: english(),
  ur: {
    clinic: 'گلاب فیملی کلینک',
    address: '12 گارڈن روڈ، صدر، کراچی 74400',
    footer: 'پیر تا ہفتہ، صبح 8 سے رات 8 بجے تک',
    queues: ['عام معائنہ', 'لیبارٹری', 'فارمیسی'],
    room: 'کمرہ 3',
    patient: 'محمد اقبال شاہ گیلانی',
    staff: 'ڈاکٹر عمران ملک',
    allergies: [
      { substance: 'پینسلین', reaction: 'خارش' },
      { substance: 'Pollen', reaction: null },
    ],
    reason: 'تین دن سے کھانسی اور بخار (101 °F)',
    notes: [
      'گلا سرخ ہے، پھیپھڑے دونوں طرف صاف ہیں۔ غالباً سانس کی نالی کا وائرل انفیکشن۔',
      'آرام اور پانی؛ Paracetamol 500 mg ہر 6 گھنٹے بعد، زیادہ سے زیادہ تین دن۔ اگر منگل تک بخار نہ اترے تو دوبارہ آئیں۔',
      'Amoxicillin 500 mg (if needed) – see the sheet.',
    ],
  },
  hi: {
    clinic: 'गुलाब फैमिली क्लिनिक',
    address: '12 गार्डन रोड, सदर, दिल्ली 110001',
    footer: 'सोमवार से शनिवार, सुबह 8 से रात 8 बजे तक',
    queues: ['सामान्य चिकित्सा', 'प्रयोगशाला', 'दवाखाना'],
    room: 'कमरा 3',
    patient: 'श्रीमती लक्ष्मी द्विवेदी',
    staff: 'डॉ. इमरान मलिक',
    allergies: [{ substance: 'पेनिसिलिन', reaction: 'चकत्ते' }],
    reason: 'तीन दिन से खाँसी और बुखार',
    notes: [
      'गला लाल, दोनों फेफड़े साफ़। तापमान 38.4 °C। संभवतः श्वसन तंत्र का वायरल संक्रमण।',
      'आराम और तरल पदार्थ; Paracetamol 500 mg हर छह घंटे पर, ज़्यादा से ज़्यादा तीन दिन।',
    ],
  },
  fil: {
    clinic: 'Klinikang Rosewood ng Pamilya',
    address: '12 Garden Road, Quezon City 1100',
    footer: 'Bukas Lunes hanggang Sabado, 8 AM hanggang 8 PM',
    queues: ['Pangkalahatang konsulta', 'Laboratoryo', 'Botika'],
    room: 'Silid 3',
    patient: 'Maria Concepcion Dela Peña-Ñavarro',
    staff: 'Dr. Imran Malik',
    allergies: [],
    reason: 'Ubo at lagnat sa loob ng tatlong araw',
    notes: ['Mapula ang lalamunan, malinaw ang baga. Temperatura 38.4 °C.'],
  },
};

function english() {
  return {
    clinic: 'Rosewood Family Clinic',
    address: '12 Garden Road, Saddar\nKarachi 74400',
    footer: 'Open Monday to Saturday, 8 AM to 8 PM',
    queues: ['General practice', 'Laboratory', 'Pharmacy'],
    room: 'Room 3',
    patient: 'Maria Gonzalez',
    staff: 'Dr. Imran Malik',
    allergies: [
      { substance: 'Penicillin', reaction: 'rash' as string | null },
      { substance: 'Pollen', reaction: null },
    ],
    reason: 'Cough and fever for three days',
    notes: [
      'Throat red, no exudate, lungs clear on both sides. Temperature 38.4 °C. Most likely a viral infection.',
      'Rest and fluids; paracetamol 500 mg every six hours if needed.\nTo come back if the fever has not gone by Tuesday.',
    ],
  };
}

const paper = createPaper(new URL('../../resources/', import.meta.url));
const AT = Date.parse('2026-11-21T09:16:00Z');
const HOUR = 3_600_000;
const settingOf = (language: PaperLanguage): Setting => ({ language, timeZone: 'Asia/Karachi', printedAt: AT });

/** Every document of a language, drawn from the same day. */
export function papersIn(language: PaperLanguage) {
  const own = CLINICS[language];
  const setting = settingOf(language);
  const phone = '+92 21 3456 7890';
  const letterhead = { clinic: own.clinic, address: own.address, phone, footer: own.footer, logo: LOGO };
  const birth = { birthDate: '1984-03-12', birthDateEstimated: language === 'ur' };
  const [general = '', laboratory = '', pharmacy = ''] = own.queues;
  return {
    texts: own,
    slip: (format: SlipFormat, copy: number | null = format === '80' ? 2 : 1) =>
      paper.slip(
        {
          clinic: own.clinic,
          token: 'A-012',
          queue: general,
          room: format === '80' ? own.room : null,
          ahead: format === '58' ? 1 : 4,
          wait: { low: 600_000, high: 1_500_000 },
          arrivedAt: AT,
          copy,
        },
        format,
        setting,
      ),
    card: (format: 'cr80' | 'a4') =>
      paper.card(
        {
          ...birth,
          clinic: own.clinic,
          phone,
          name: own.patient,
          identified: true,
          number: '26-11-0042',
          copy: format === 'a4' ? 2 : 1,
        },
        format,
        setting,
      ),
    summary: () =>
      paper.summary(
        {
          letterhead,
          by: own.staff,
          token: 'A-012',
          day: '2026-11-21',
          arrivedAt: AT - HOUR,
          reason: own.reason,
          patient: {
            ...birth,
            name: own.patient,
            identified: true,
            number: '26-11-0042',
            sex: 'female',
            allergies: own.allergies,
          },
          steps: [
            {
              queue: general,
              room: own.room,
              staff: own.staff,
              waitingSince: AT - HOUR,
              calledAt: AT - HOUR / 2,
              endedAt: AT - HOUR / 4,
              state: 'transferred',
            },
            {
              queue: laboratory,
              room: null,
              staff: null,
              waitingSince: AT - HOUR / 4,
              calledAt: null,
              endedAt: null,
              state: 'waiting',
            },
          ],
          notes: [{ text: own.notes.join('\n'), author: own.staff, at: AT }],
        },
        setting,
      ),
    report: () =>
      paper.dayReport(
        {
          letterhead,
          by: own.staff,
          day: '2026-11-21',
          goesOn: language === 'ur',
          figures: aDay(),
          queues: {
            general: { code: 'A', name: general },
            laboratory: { code: 'L', name: laboratory },
            pharmacy: { code: 'P', name: pharmacy },
          },
          accuracy: { promised: 140, kept: 104, pinball: 160_000, pinballOfMean: 240_000 },
          seal: {
            seq: 4182,
            at: AT,
            hash: '9f86d081884c7d65'.repeat(4),
            signature: 'kJ3Zx0mVv2fYw8B1nQ7uT5rE9sA4dL6h==',
          },
        },
        setting,
      ),
  };
}

/** A busy day: most were seen, a few did not come, a few left; every fourth went on to the pharmacy. */
function aDay() {
  const { next: chance } = createChance(7);
  const begin = Date.parse('2026-11-21T03:00:00Z');
  const steps: ReportedStep[] = [];
  const arrivals = Array.from({ length: 187 }, () => begin + Math.floor(((chance() + chance()) / 2) * 9 * HOUR));
  for (const [n, waitingSince] of arrivals.entries()) {
    const visitId = `visit ${n}`;
    const end = chance();
    const state = end < 0.86 ? 'done' : end < 0.91 ? 'no_show' : end < 0.95 ? 'cancelled' : 'waiting';
    const called = state === 'done' || state === 'no_show';
    const calledAt = called ? waitingSince + Math.floor(chance() * chance() * 70 * 60_000) : null;
    const endReason = state === 'cancelled' && n % 2 === 0 ? LEFT_UNSEEN : null;
    const queueId = n % 9 === 0 ? 'laboratory' : 'general';
    steps.push({ visitId, queueId, last: true, state, waitingSince, calledAt, endReason });
    if (n % 4 === 0)
      steps.push({
        visitId,
        queueId: 'pharmacy',
        last: false,
        state: 'transferred',
        waitingSince,
        calledAt: waitingSince + n * 3000,
        endReason: null,
      });
  }
  const hourOf = (instant: number) => new Date(instant + 5 * HOUR).getUTCHours();
  return dayFigures({ arrivals, steps, outOfOrder: 2, hourOf, rollOverHour: 4 });
}

/** A small picture with an alpha channel: a disc. */
const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAGAAAAAwCAYAAADuFn/PAAAA/klEQVR4Ae3B23UCMRBEwdt9yEEhKgyFPv7m8LDXLIyQpkqtD0oeU1KZkurCeYLjxObU+uAFwXnEhtT64B+C9xEbMccF7xVsxBwTfEawCbU++IMgj1iY+V2QK1iYKanMc8EcgkWZx4K5BAsy9wVzChZjSipzK5hbsBBTUl1YU/AlzLXgOwSLMCWVKalMSWVKKlNSmZLKlFSmpDIllSmpTEllSipzTXwHsYgLaxJfwpRU5paYm1iIKanMfWJOYjHmMTEXsSDznJiDWJQpqczvRC6xMLU+OCD4HLEBc4z4DLEJc5x4L7ERtT54QXAesSG1PjhJcJzYnFoflDympPoBhx8gR56V4UYAAAAASUVORK5CYII=',
  'base64',
);
