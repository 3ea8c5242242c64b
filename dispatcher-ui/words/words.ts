import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Languages a screen can be shown in; those without a file of their own fall back to English, key by key. */
export const LANGUAGES = ['en', 'af', 'zu', 'xh', 'st'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What people who read it call it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  af: 'Afrikaans',
  zu: 'isiZulu',
  xh: 'isiXhosa',
  st: 'Sesotho',
};

/** Makes the words of one audience's screens ready, in every language that has some. Call once, before the first render. */
export async function startWords(
  english: object,
  language: string = navigator.language,
  others: Partial<Record<Exclude<Language, 'en'>, object>> = {},
): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: LANGUAGES.find((known) => language.toLowerCase().startsWith(known)) ?? 'en',
    fallbackLng: 'en',
    resources: Object.fromEntries(
      Object.entries({ en: english, ...others }).map(([name, words]) => [name, { translation: words }]),
    ),
    interpolation: { escapeValue: false },
  });
}

/** Languages that have words of their own now: only these are offered. */
export const spokenLanguages = (): Language[] => LANGUAGES.filter((name) => i18next.hasResourceBundle(name, 'translation'));
