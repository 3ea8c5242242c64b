import { useEffect, useRef } from 'react';
import { makePlan } from '../state/desk-planning.ts';
import { undo } from '../state/desk-actions.ts';
import { may } from '../state/desk-state.ts';
import { chosenTheme, keepTheme } from '../state/theme.ts';
import { useDesk } from './desk-context.ts';
import { commandOf, type KeyCommand } from './keys.ts';

const KEY = 'thuma.singleKeys';
export const singleKeysOn = (): boolean => localStorage.getItem(KEY) !== 'off';
export const keepSingleKeys = (on: boolean): void => localStorage.setItem(KEY, on ? 'on' : 'off');

/** Parts that own a command (the queue knows what is next, the drawer who is first) listen to this event. */
export const KEY_EVENT = 'thuma-key';

export function onKeyCommand(heard: (command: KeyCommand) => void): () => void {
  const listen = (event: Event): void => heard((event as CustomEvent<KeyCommand>).detail);
  window.addEventListener(KEY_EVENT, listen);
  return () => window.removeEventListener(KEY_EVENT, listen);
}

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const CONTROL = 'button, a, input, textarea, select, summary, [role=button]';

/** The desk's keyboard: one listener, commands to whom they concern. */
export function useKeys({ onHelp }: { onHelp: () => void }): void {
  const desk = useDesk();
  const help = useRef(onHelp);
  useEffect(() => {
    help.current = onHelp;
  });
  useEffect(() => {
    const run = (command: KeyCommand): void => {
      switch (command) {
        case 'help':
          return help.current();
        case 'theme':
          keepTheme(chosenTheme() === 'dark' ? 'light' : 'dark');
          return;
        case 'undo':
          return void undo(desk, null);
        case 'plan': {
          const state = desk.store.getState();
          if (state.planning.draft !== null || state.planning.busy !== null || !may(state, 'plan.request')) desk.select(null);
          else void makePlan(desk);
          return;
        }
        case 'plans':
          window.open('/plan', '_blank', 'noopener');
          return;
        case 'open':
          document.getElementById('side')?.focus();
          return;
        case 'close':
          return close(desk);
        case 'search':
          document.querySelector<HTMLInputElement>('#queue-search')?.focus();
          return;
        case 'next':
        case 'previous':
        case 'assign_1':
        case 'assign_2':
        case 'assign_3':
          window.dispatchEvent(new CustomEvent<KeyCommand>(KEY_EVENT, { detail: command }));
          return;
        default:
          return command satisfies never;
      }
    };
    const listen = (event: KeyboardEvent): void => {
      const on = event.target instanceof Element ? event.target : null;
      const command = commandOf({
        key: event.key,
        ctrl: event.ctrlKey || event.metaKey,
        alt: event.altKey,
        typing: on?.closest(TYPING) !== null && on !== null,
        onControl: on?.closest(CONTROL) !== null && on !== null,
        dialogOpen: document.querySelector('dialog[open], :popover-open') !== null,
        singleKeys: singleKeysOn(),
      });
      if (command === null || event.defaultPrevented) return;
      event.preventDefault();
      run(command);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [desk]);
}

/** One step back: out of a field, then out of the selection; the focus lands where one came from. */
function close(desk: ReturnType<typeof useDesk>): void {
  const on = document.activeElement;
  if (on instanceof HTMLInputElement || on instanceof HTMLSelectElement) return on.blur();
  desk.select(null);
  document.getElementById('queue-list')?.focus();
}
