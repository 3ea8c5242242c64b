/**
 * The page behind a one-time link. The token stands behind `#`, which a browser keeps to itself; opening the page (a
 * mail program's preview does) uses nothing up: only the script's POST does.
 */
export const SIGN_IN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - Thuma</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:1rem 0}input{display:block;width:100%;font:inherit;padding:.5rem;box-sizing:border-box}
button{font:inherit;padding:.5rem 1rem}</style>
<h1>Thuma</h1>
<p id="said" role="status"></p>
<form id="sign-in" hidden>
<label>Login <input name="login" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>
<noscript>This page needs JavaScript.</noscript>
<script src="/sign-in.js"></script>
</html>
`;

export const SIGN_IN_SCRIPT = `'use strict';
const said = document.getElementById('said');
const form = document.getElementById('sign-in');
async function signIn(path, body) {
  said.textContent = 'Signing in ...';
  try {
    const reply = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Thuma-Request': '1' },
      body: JSON.stringify(body),
    });
    // Who looks after the fleet begins at its figures; everybody else at the desk.
    if (reply.ok) return location.replace((await reply.json()).role === 'supervisor' ? '/fleet' : '/');
    said.textContent = (await reply.json()).detail;
  } catch {
    said.textContent = 'The server does not answer. Try again in a moment.';
  }
  form.hidden = false;
}
const token = location.hash.slice(1);
// The address bar and the history forget the token at once.
history.replaceState(null, '', '/sign-in');
if (token) void signIn('/api/session/link', { token });
else form.hidden = false;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const given = new FormData(form);
  void signIn('/api/session', { login: given.get('login'), password: given.get('password') });
});
`;
