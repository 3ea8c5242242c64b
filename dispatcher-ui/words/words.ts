import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Languages a screen can be shown in; those without a file of their own fall back to English, key by key. */
export const LANGUAGES = ['en', 'af', 'zu', 'xh', 'st'] as const;

/** Makes the words of one audience's screens ready. Call once, before the first render. */
export async function startWords(english: object, language: string = navigator.language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: LANGUAGES.find((known) => language.toLowerCase().startsWith(known)) ?? 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  });
}
