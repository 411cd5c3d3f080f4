import type { Page } from '@playwright/test';
import { Authenticator } from './support/authenticator';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { logInAsAdmin, register, somebody } from './support/shopper';

type Person = ReturnType<typeof somebody>;

test.use({
    expected: {
        'a wrong password or code': refused('422', '/api/account/(login-code|reauthenticate|two-factor/on)'),
    },
});

async function logIn(page: Page, person: Person): Promise<void> {
    await open(page, '/login');
    await page.getByLabel('Email address').fill(person.email);
    await page.locator('#password').fill(person.password);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
}

async function logOut(page: Page): Promise<void> {
    await page.locator('header summary').filter({ visible: true }).click();
    await page.locator('header details[open]').getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await settled(page);
}

async function giveCode(page: Page, code: string): Promise<void> {
    await page.waitForURL(/\/login\/code/);
    await settled(page);
    await page.locator('#code').fill(code);
    await page.locator('main').getByRole('button', { name: 'Log in' }).click();
}

/** Turns the second step on, on its page. */
async function turnOn(page: Page): Promise<{ app: Authenticator; codes: string[] }> {
    await open(page, '/account/two-factor');
    await page.getByRole('button', { name: 'Set it up' }).click();
    const key = page.getByTestId('two-factor-key');
    await expect(key).toBeVisible();
    const app = new Authenticator((await key.textContent()) ?? '');
    const codes = await page.getByTestId('recovery-codes').locator('li').allTextContents();
    expect(codes).toHaveLength(10);
    return { app, codes };
}

test('a listener protects their account with an app, loses the phone and gets in again', async ({ page, browser, shop, overhear }) => {
    const person = somebody();
    await register(page, person);
    const { app, codes } = await turnOn(page);
    await inspect(page, 'setting up the second step');

    await test.step('a wrong code turns nothing on', async () => {
        await page.locator('#code').fill('000000');
        await page.getByRole('button', { name: 'Turn it on' }).click();
        await expect(page.locator('#code-error')).toContainText('not the code of the app');
        await expect(page.getByTestId('two-factor-key')).toBeVisible();
    });
    await page.locator('#code').fill(await app.next());
    await page.getByRole('button', { name: 'Turn it on' }).click();
    await expect(page.getByTestId('two-factor-state')).toContainText('On since');
    await expect(page.getByText('10 are left.')).toBeVisible();
    await inspect(page, 'the second step, on');

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const other = await elsewhere.newPage();
    await test.step('elsewhere the password is not enough', async () => {
        await logIn(other, person);
        await other.waitForURL(/\/login\/code/);
        await inspect(other, 'the second step of a log-in');
        await open(other, '/login/code');
        await giveCode(other, '123456');
        await expect(other.locator('#code-error')).toContainText('That code is wrong');
        await giveCode(other, await app.next());
        await other.waitForURL((url) => !url.pathname.startsWith('/login'));
        await open(other, '/account');
        await expect(other.getByText(person.email).first()).toBeVisible();
    });
    await test.step('a recovery code lets in once', async () => {
        const code = codes[4] as string;
        await other.context().clearCookies();
        await logIn(other, person);
        await giveCode(other, code.toLowerCase());
        await other.waitForURL((url) => !url.pathname.startsWith('/login'));
        await open(other, '/account/two-factor');
        await expect(other.getByText('9 are left.')).toBeVisible();
        await other.context().clearCookies();
        await logIn(other, person);
        await giveCode(other, code);
        await expect(other.locator('#code-error')).toContainText('That code is wrong');
    });
    await elsewhere.close();

    await test.step('new recovery codes take the place of the old', async () => {
        await open(page, '/account/two-factor');
        await page.getByRole('button', { name: 'Make new ones' }).click();
        const fresh = page.getByTestId('recovery-codes').locator('li');
        await expect(fresh).toHaveCount(10);
        expect(await fresh.allTextContents()).not.toContain(codes[0]);
        await page.getByRole('button', { name: 'I have them' }).click();
        await expect(page.getByText('10 are left.')).toBeVisible();
    });
    await test.step('it is turned off, and the password is enough again', async () => {
        await page.getByRole('button', { name: 'Turn it off' }).click();
        await expect(page.getByTestId('two-factor-state')).toContainText('It is off');
        await logOut(page);
        await logIn(page, person);
        await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the second step is turned on and asked for', async ({ page }) => {
        const person = somebody();
        await page.goto('/register');
        await page.getByLabel('Name', { exact: true }).fill(person.name);
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(person.password);
        await page.locator('main').getByRole('button', { name: 'Register' }).click();
        const { app } = await turnOn(page);
        await page.locator('#code').fill(await app.next());
        await page.getByRole('button', { name: 'Turn it on' }).click();
        await expect(page.getByTestId('two-factor-state')).toContainText('On since');
        await page.context().clearCookies();
        await page.goto('/login?next=%2Fbrowse');
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(person.password);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.locator('#code').fill(await app.next());
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await expect(page).toHaveURL(/\/browse$/);
    });
});

test('an admin gives somebody a permission, and takes it back', async ({ page, browser, shop, overhear }) => {
    const person = somebody();
    const theirs = await browser.newContext({ baseURL: shop.address });
    overhear(theirs);
    const other = await theirs.newPage();
    await register(other, person);

    await logInAsAdmin(page);
    await open(page, `/admin/users?text=${encodeURIComponent(person.email)}`);
    await page.getByRole('link', { name: person.name }).first().click();
    await settled(page);
    await inspect(page, 'what somebody may do');
    await page.getByLabel('orders').check();
    await page.getByTestId('save-permissions').click();
    await expect(page.getByText('Saved.')).toBeVisible();

    await test.step('their session is over, and the next one has the permission', async () => {
        await open(other, '/account');
        await expect(other).toHaveURL(/\/login/);
        await logIn(other, person);
        await other.waitForURL((url) => url.pathname !== '/login');
        await open(other, '/admin');
        await expect(other.getByRole('heading', { level: 1 })).toHaveText("The shop at a glance");
        await expect(other.getByRole('link', { name: 'Users' })).toHaveCount(0);
    });
    await page.getByLabel('orders').uncheck();
    await page.getByTestId('save-permissions').click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await open(other, '/account');
    await expect(other).toHaveURL(/\/login/);

    await test.step('and logs them out when their laptop is stolen', async () => {
        await logIn(other, person);
        await other.waitForURL((url) => url.pathname !== '/login');
        await page.getByRole('button', { name: 'Log them out everywhere' }).click();
        await expect(page.getByText('They have been logged out everywhere, browsers and programs.')).toBeVisible();
        await open(other, '/account');
        await expect(other).toHaveURL(/\/login/);
    });
    await theirs.close();
});
