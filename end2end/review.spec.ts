import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, settled, test } from './support/journey';
import { ADMIN } from './support/server';
import { logInAsAdmin } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';

test.use({ wishes: { doubted: { [TITLE]: [1, 3, 4, 6] } }, contextOptions: { reducedMotion: 'reduce' } });
test.describe.configure({ timeout: 180_000 });

const CORRECTED = 'A sentence that nobody had heard before.';

/** The desk of the title. */
async function desk(page: Page): Promise<void> {
    await page.goto('/admin/titles?q=north+rock');
    await page.locator('main').getByRole('link', { name: 'The Bell at North Rock' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'The Bell at North Rock' })).toBeVisible();
}

test('an admin hears what is doubtful, and accepts, corrects and drops it', async ({ page }) => {
    const places = page.getByTestId('place');
    const status = page.getByTestId('review-status');
    const text = (place: number) => places.nth(place).getByRole('textbox');
    await logInAsAdmin(page);

    await test.step('the title says that places wait', async () => {
        await desk(page);
        await settled(page);
        await expect(page.getByTestId('to-review')).toContainText('4 places wait for a review');
        await expect(page.getByTestId('unreviewed').first()).toContainText('It can be sold');
        await page.getByTestId('to-review').getByRole('link', { name: 'Review the text' }).click();
        await expect(places).toHaveCount(4);
        await settled(page);
    });

    const [accepted, dropped] = [await text(0).inputValue(), await text(2).inputValue()];
    await test.step('readers do not get them', async () => {
        await open(page, `/library/${TITLE}`);
        await expect(page.getByTestId('word').first()).toBeVisible();
        await expect(page.getByTestId('transcript')).not.toContainText(accepted);
        await page.goBack();
        await expect(places).toHaveCount(4);
        await settled(page);
    });

    await test.step('the page has no barrier', () => inspect(page, 'the review of a text'));

    await test.step('a place is heard from its second to its end', async () => {
        await places.first().getByTestId('hear').click();
        const sound = () =>
            places.first().locator('audio').evaluate((audio: HTMLAudioElement) => {
                const [, from, to] = /#t=([\d.]+),([\d.]+)$/.exec(audio.src) ?? [];
                return { now: audio.currentTime, from: Number(from), to: Number(to), paused: audio.paused };
            });
        await expect.poll(async () => { const { now, from } = await sound(); return now - from; }).toBeGreaterThan(0.3);
        await expect.poll(async () => (await sound()).paused, { timeout: 30_000 }).toBe(true);
        const { now, to } = await sound();
        expect(Math.abs(now - to), 'it ends where the place ends').toBeLessThan(1);
    });

    await test.step('one is accepted, one corrected, one dropped', async () => {
        await places.first().getByRole('button', { name: /^Accept/ }).click();
        await expect(status).toHaveText('3 places wait for a review.');
        await text(0).fill(CORRECTED);
        await places.first().getByRole('button', { name: /^Accept/ }).click();
        await expect(status).toHaveText('2 places wait for a review.');
        await places.first().getByRole('button', { name: /^Drop/ }).click();
        await expect(status).toHaveText('1 place waits for a review.');
        await expect(status, 'the focus stays near').toBeFocused();
    });

    await test.step('what was decided is found again', async () => {
        await page.getByRole('link', { name: /^Decided/ }).click();
        await expect(places).toHaveCount(3);
        const standing = await places.evaluateAll((all) => all.map((place) => (place as HTMLElement).dataset.standing));
        expect(standing).toEqual(['Accepted', 'Corrected', 'Dropped']);
    });

    await test.step('readers get what came of it', async () => {
        await open(page, `/library/${TITLE}`);
        const transcript = page.getByTestId('transcript');
        await expect(transcript).toContainText(accepted);
        await expect(transcript).toContainText(CORRECTED);
        await expect(transcript).not.toContainText(dropped);
    });

    await test.step('the audit trail tells it', async () => {
        await open(page, '/admin/audit');
        for (const words of ['Accepted a place of a text', 'Corrected a place of a text', 'Dropped a place of a text'])
            await expect(page.locator('main')).toContainText(words);
    });
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a place is reviewed', async ({ page }) => {
        await page.goto('/login');
        await page.getByLabel('Email address').fill(ADMIN.email);
        await page.locator('#password').fill(ADMIN.password);
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.waitForURL((url) => url.pathname !== '/login');
        await desk(page);
        await page.getByTestId('to-review').getByRole('link', { name: 'Review the text' }).click();
        const places = page.getByTestId('place');
        const before = await places.count();
        expect(before).toBeGreaterThan(0);
        await expect(places.first().locator('audio')).toBeVisible();
        await expect(places.first().locator('audio')).toHaveAttribute('src', /#t=[\d.]+,[\d.]+$/);
        await places.first().getByRole('textbox').fill('Corrected by hand.');
        await places.first().getByRole('button', { name: /^Accept/ }).click();
        await expect(places).toHaveCount(before - 1);
        await page.getByRole('link', { name: /^Decided/ }).click();
        await expect(page.getByRole('textbox').filter({ hasText: 'Corrected by hand.' })).toBeVisible();
    });
});
