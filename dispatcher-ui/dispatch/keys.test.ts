import { expect } from 'chai';
import { commandOf, type KeyPress } from './keys.ts';

const press = (key: string, over: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrl: false,
  alt: false,
  typing: false,
  onControl: false,
  dialogOpen: false,
  singleKeys: true,
  ...over,
});

describe('keys', () => {
  it('means what the help says', () => {
    const keys = ['j', 'K', '1', '3', 'o', '/', '?', 'd', 'Enter', 'Escape'];
    expect(keys.map((key) => commandOf(press(key)))).to.deep.equal([
      'next',
      'previous',
      'assign_1',
      'assign_3',
      'plan',
      'search',
      'help',
      'theme',
      'open',
      'close',
    ]);
    expect(commandOf(press('z', { ctrl: true }))).to.equal('undo');
  });

  it('leaves letters to the field they are typed in; Escape still leads out', () => {
    expect(commandOf(press('j', { typing: true }))).to.equal(null);
    expect(commandOf(press('1', { typing: true }))).to.equal(null);
    expect(commandOf(press('z', { typing: true, ctrl: true }))).to.equal(null);
    expect(commandOf(press('Escape', { typing: true }))).to.equal('close');
  });

  it('leaves Enter to the button it is pressed on, and everything to an open dialog', () => {
    expect(commandOf(press('Enter', { onControl: true }))).to.equal(null);
    expect(commandOf(press('Escape', { dialogOpen: true }))).to.equal(null);
  });

  it('single letters can be switched off; what needs a modifier or has a name stays', () => {
    const off = { singleKeys: false };
    expect([commandOf(press('o', off)), commandOf(press('1', off))]).to.deep.equal([null, null]);
    expect(commandOf(press('Escape', off))).to.equal('close');
    expect(commandOf(press('z', { ...off, ctrl: true }))).to.equal('undo');
  });

  it('leaves the browser its own combinations', () => {
    expect(commandOf(press('d', { ctrl: true }))).to.equal(null);
    expect(commandOf(press('j', { alt: true }))).to.equal(null);
  });
});
