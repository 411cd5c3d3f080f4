import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, test } from './support/journey';
import { register, somebody } from './support/shopper';

test.use({
    expected: {
        'what is typed wrong': refused('422', '/api/account/make-token'),
    },
});

async function fill(page: Page, name: string, ...scopes: string[]): Promise<void> {
    await page.getByLabel('Name', { exact: true }).fill(name);
    for (const scope of scopes) await page.locator(`#scope-${scope}`).check();
    await page.getByRole('button', { name: 'Make a token' }).click();
}

/** Asks who the token belongs to, as a program does. */
async function who(page: Page, token: string): Promise<{ status: number; email?: string }> {
    const answer = await page.request.get('/api/v1/users/me', { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status(), email: answer.ok() ? (await answer.json()).email : undefined };
}

test('a token for a machine is made, shown once, used and taken back', async ({ page }) => {
    const person = somebody();
    await register(page, person);
    await open(page, '/account');
    await page.getByRole('link', { name: 'Make or take back' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Tokens for machines' })).toBeVisible();
    await inspect(page, 'tokens for machines');

    await test.step('without a scope none is made, and what was typed stays', async () => {
        await fill(page, 'The tills');
        await expect(page.locator('#scopes-error')).toContainText('at least one thing');
        await expect(page.getByLabel('Name', { exact: true })).toHaveValue('The tills');
    });

    await fill(page, 'The tills', 'shopping');
    const shown = page.getByTestId('machine-token');
    await expect(shown).toHaveText(/^lct_[0-9a-f]{64}$/);
    const token = (await shown.textContent()) ?? '';
    await inspect(page, 'a new token');
    expect(await who(page, token)).toEqual({ status: 200, email: person.email });

    await open(page, '/account/tokens');
    await expect(shown).toHaveCount(0);
    const row = page.getByTestId('machine-tokens').locator('li').filter({ hasText: 'The tills' });
    await expect(row).toContainText('Last used on');
    await row.getByRole('button', { name: 'Take back' }).click();
    await expect(page.getByText('There are none.')).toBeVisible();
    expect((await who(page, token)).status).toBe(401);
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a token is made and taken back', async ({ page }) => {
        const person = somebody();
        await page.goto('/register?next=/account/tokens');
        await page.getByLabel('Name', { exact: true }).fill(person.name);
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(person.password);
        await page.locator('main').getByRole('button', { name: 'Register' }).click();
        await page.goto('/account/tokens');
        await fill(page, 'The tills', 'listening');
        const token = (await page.getByTestId('machine-token').textContent()) ?? '';
        expect(await who(page, token)).toEqual({ status: 200, email: person.email });
        await page.reload();
        await expect(page.getByTestId('machine-token')).toHaveCount(0);
        await page.getByRole('button', { name: 'Take back' }).click();
        await expect(page.getByText('There are none.')).toBeVisible();
        expect((await who(page, token)).status).toBe(401);
    });
});
