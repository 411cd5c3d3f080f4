import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { Google, logInThere, sayYesThere } from './support/google';
import { expect, open, refused, settled } from './support/journey';
import { linkIn } from './support/mailbox';
import { test as withMail } from './support/with-mail';
import { register, somebody } from './support/shopper';

const PASSWORD = 'eight green bottles';

/** Journeys through a shop with a real OpenID provider in Google's place, and a real SMTP server. */
const test = withMail.extend<object, { google: Google }>({
    google: [
        async ({}, use) => {
            const google = await Google.open();
            await use(google);
            google.close();
        },
        { scope: 'worker' },
    ],
    wishes: [
        async ({ mailbox, google }, use) => use({ settings: { ...mailbox.settings, ...google.settings } }),
        { scope: 'worker' },
    ],
});

test.use({
    contextOptions: { reducedMotion: 'reduce' },
    expected: { 'the only way in, which cannot be taken away': refused('409', '/api/account/unlink-google') },
});

/** Presses the button on the log-in page. */
async function continueWithGoogle(page: Page, next = ''): Promise<void> {
    await open(page, next ? `/login?next=${encodeURIComponent(next)}` : '/login');
    await page.getByRole('link', { name: 'Continue with Google' }).click();
}

async function expectLoggedInAs(page: Page, email: string): Promise<void> {
    await open(page, '/account');
    await expect(page.locator('main')).toContainText(email);
    await expect(page.getByTestId('address-state')).toHaveText('Confirmed');
}

test('a listener who was never here comes in by Google, and goes on where they were', async ({ page, shop }) => {
    const person = somebody();
    await continueWithGoogle(page, '/browse?q=bell');
    await expect(page, 'another site than the shop').toHaveURL(/^http:\/\/localhost:/);
    await sayYesThere(page, person.email);
    await expect(page).toHaveURL(`${shop.address}/browse?q=bell`);
    await expectLoggedInAs(page, person.email);
    await page.getByRole('link', { name: 'Logging in with Google' }).click();
    await expect(page.getByTestId('google-state')).toContainText(person.email);
    await settled(page);
    await inspect(page, 'linked to Google');
});

test('an account with a confirmed address is opened by Google too', async ({ page, mailbox }) => {
    const person = somebody();
    await register(page, person);
    const link = linkIn(await mailbox.take(person.email, 'Confirm your address'));

    await test.step('not before its owner has confirmed the address', async () => {
        await page.context().clearCookies();
        await continueWithGoogle(page, '/library');
        await sayYesThere(page, person.email);
        await expect(page).toHaveURL(/\/login\?google=log-in-first&next=%2Flibrary$/);
        await expect(page.getByText('There is an account with your address')).toBeVisible();
        await settled(page);
        await inspect(page, 'refused after Google');
    });

    await test.step('but then', async () => {
        await open(page, link);
        await page.getByRole('button', { name: 'Confirm the address' }).click();
        await expect(page.getByText('Your address is confirmed')).toBeVisible();
        await page.context().clearCookies();
        await continueWithGoogle(page);
        await sayYesThere(page, person.email);
        await page.waitForURL((url) => url.pathname === '/');
        await expectLoggedInAs(page, person.email);
        const told = await mailbox.take(person.email, 'Your account is linked to Google');
        expect(told.text).toContain(`Hello ${person.name},`);
    });
});

test('who says no at Google is told that nothing was done', async ({ page }) => {
    await continueWithGoogle(page, '/cart');
    await logInThere(page, somebody().email);
    await page.getByRole('button', { name: 'Deny' }).click();
    await expect(page).toHaveURL(/\/login\?google=denied&next=%2Fcart$/);
    await expect(page.getByText('You did not let Google tell us who you are')).toBeVisible();
    await expect(page.locator('#password'), 'there is another way in').toBeVisible();
});

test('an address that Google has not confirmed opens no account', async ({ page }) => {
    await continueWithGoogle(page);
    await sayYesThere(page, somebody().email, false);
    await expect(page).toHaveURL(/\/login\?google=unconfirmed$/);
    await expect(page.getByText('Google has not confirmed that your address is yours')).toBeVisible();
});

test('an answer that nobody asked for is not taken', async ({ page }) => {
    const words = 'belongs to nothing that was begun here';
    await page.goto('/login/google/callback?code=made-up&state=made-up');
    await expect(page.getByText(words)).toBeVisible();

    await test.step('nor is one with another state', async () => {
        await continueWithGoogle(page);
        await page.getByRole('heading', { name: 'Log in at the provider' }).waitFor();
        await page.goto('/login/google/callback?code=made-up&state=made-up');
        await expect(page.getByText(words)).toBeVisible();
    });

    await test.step('nor the right one twice', async () => {
        const answers: string[] = [];
        page.on('request', (request) => {
            if (request.url().includes('/login/google/callback?')) answers.push(request.url());
        });
        await continueWithGoogle(page);
        await sayYesThere(page, somebody().email);
        await page.waitForURL((url) => url.pathname === '/');
        expect(answers).toHaveLength(1);
        await page.goto(answers[0]);
        await expect(page.getByText(words)).toBeVisible();
    });
});

test('a word of Google that is not for this log-in, or too old, opens nothing, and a new key is believed', async ({ page }) => {
    const person = somebody();
    for (const [word, reason] of [
        ['of another log-in', 'token'],
        ['an hour old', 'expired'],
    ] as const) {
        await test.step(word, async () => {
            await page.context().clearCookies();
            await continueWithGoogle(page);
            await sayYesThere(page, person.email, true, word);
            await expect(page).toHaveURL(new RegExp(`/login\\?google=${reason}$`));
            await open(page, '/account');
            await expect(page).toHaveURL(/\/login\?next=/);
        });
    }
    await page.context().clearCookies();
    await continueWithGoogle(page);
    await sayYesThere(page, person.email, true, 'signed with a new key');
    await page.waitForURL((url) => url.pathname === '/');
    await expectLoggedInAs(page, person.email);
});

test('Google is unlinked once there is another way in', async ({ page, mailbox }) => {
    const person = somebody();
    await continueWithGoogle(page);
    await sayYesThere(page, person.email);
    await page.waitForURL((url) => url.pathname === '/');

    await test.step('not while it is the only one', async () => {
        await open(page, '/account/google');
        await page.getByRole('button', { name: 'Unlink Google' }).click();
        await expect(page.locator('main [role=alert]').getByText('Google is the only way in')).toBeVisible();
        await expect(page.getByTestId('google-state')).toContainText(person.email);
    });

    await test.step('a password is chosen', async () => {
        await page.getByRole('link', { name: 'Choose a password' }).click();
        await page.waitForURL(/\/forgot-password/);
        await settled(page);
        await page.getByLabel('Email address').fill(person.email);
        await page.getByRole('button', { name: 'Send the link' }).click();
        await open(page, linkIn(await mailbox.take(person.email, 'Choose a new password')));
        await page.locator('#password').fill(PASSWORD);
        await page.getByRole('button', { name: 'Change the password' }).click();
        await page.waitForURL(/\/login/);
        await settled(page);
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(PASSWORD);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.waitForURL((url) => url.pathname === '/');
    });

    await test.step('and then it goes', async () => {
        await open(page, '/account/google');
        await page.getByRole('button', { name: 'Unlink Google' }).click();
        await expect(page.getByText('not linked to Google any more')).toBeVisible();
        await mailbox.take(person.email, 'Your account is not linked to Google any more');
        await expect(page.getByRole('link', { name: 'Link Google' })).toBeVisible();
        await settled(page);
        await inspect(page, 'not linked to Google');
    });

    await test.step('and comes back', async () => {
        // The provider remembers them, and what they said.
        await page.getByRole('link', { name: 'Link Google' }).click();
        await expect(page).toHaveURL(/\/account\/google\?linked=1$/);
        await expect(page.getByText('Your account is linked to Google.')).toBeVisible();
        await expect(page.getByTestId('google-state')).toContainText(person.email);
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('Google lets people in as well, and is not unlinked while it is the only way', async ({ page }) => {
        const person = somebody();
        await page.goto('/register?next=%2Faccount%2Fgoogle');
        await page.getByRole('link', { name: 'Continue with Google' }).click();
        await sayYesThere(page, person.email);
        await expect(page).toHaveURL(/\/account\/google$/);
        await expect(page.getByTestId('google-state')).toContainText(person.email);
        await page.getByRole('button', { name: 'Unlink Google' }).click();
        await expect(page.locator('main [role=alert]').getByText('Google is the only way in')).toBeVisible();
    });
});
