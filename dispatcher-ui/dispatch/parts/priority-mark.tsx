import { useTranslation } from 'react-i18next';

const SHAPES: Record<number, string> = {
  1: 'M12 1.5 22.5 9.2 18.5 21.5H5.5L1.5 9.2Z',
  2: 'M12 0.8 23.2 12 12 23.2 0.8 12Z',
  3: 'M3.5 2h17A1.5 1.5 0 0 1 22 3.5v17a1.5 1.5 0 0 1-1.5 1.5h-17A1.5 1.5 0 0 1 2 20.5v-17A1.5 1.5 0 0 1 3.5 2Z',
  4: 'M12 1.5A10.5 10.5 0 1 1 12 22.5 10.5 10.5 0 1 1 12 1.5Z',
};

/** Priority as a shape, a colour and "P1": pentagon, diamond, square, circle. */
export function PriorityMark({ priority, small = false }: { priority: number; small?: boolean }): React.JSX.Element {
  const { t } = useTranslation();
  const size = small ? 20 : 26;
  return (
    <svg className={`priority priority-${priority}`} width={size} height={size} viewBox="0 0 24 24" role="img">
      <title>{t('priority.label', { priority })}</title>
      <path d={SHAPES[priority] ?? SHAPES[4]} />
      <text x="12" y={priority === 1 ? 16.6 : 16} textAnchor="middle">
        P{priority}
      </text>
    </svg>
  );
}
