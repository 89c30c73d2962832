import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.ts';
import type { ClinicNow } from '../queries.ts';

/** Tokens by the hour, beside what is usual; the same numbers as a table for those who do not see the bars. */
export function HoursChart({ hours }: { hours: ClinicNow['hours'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const hasUsual = hours.some(({ usual }) => usual !== null);
  const [today, usual] = [t('now.todayBars'), t('now.usualBars')];
  const data = hours.map((row) => ({
    hour: format.hour(row.hour),
    [today]: row.issued,
    ...(row.usual === null ? {} : { [usual]: row.usual }),
  }));
  return (
    <>
      <div aria-hidden dir="ltr">
        <BarChart
          h={170}
          data={i18n.dir() === 'rtl' ? [...data].reverse() : data}
          dataKey="hour"
          withLegend={hasUsual}
          withTooltip={false}
          gridAxis="x"
          maxBarWidth={28}
          tickLine="none"
          barChartProps={{ accessibilityLayer: false }}
          barProps={{ isAnimationActive: false, radius: 2 }}
          yAxisProps={{ allowDecimals: false, width: 32, orientation: i18n.dir() === 'rtl' ? 'right' : 'left' }}
          valueFormatter={(value) => format.number(value)}
          series={[
            ...(hasUsual ? [{ name: usual, color: 'var(--usual)' }] : []),
            { name: today, color: 'var(--mantine-primary-color-filled)' },
          ]}
        />
      </div>
      <table className="visually-hidden">
        <caption>{t('now.hours')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('now.hour')}</th>
            <th scope="col">{today}</th>
            {hasUsual && <th scope="col">{usual}</th>}
          </tr>
        </thead>
        <tbody>
          {hours.map((row) => (
            <tr key={row.hour}>
              <th scope="row">{format.hour(row.hour)}</th>
              <td>{format.number(row.issued)}</td>
              {hasUsual && <td>{row.usual === null ? '–' : format.number(row.usual)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
