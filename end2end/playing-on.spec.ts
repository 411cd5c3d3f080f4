import type { Page } from '@playwright/test';
import { expect, open, refused, test } from './support/journey';
import { buy, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';

test.use({ expected: { 'a title that is not there': refused('404', '/api/catalog/[a-z]+') } });

/** What the player sounds with: it stands outside of every page. */
const heard = (page: Page) => page.locator('body > audio').first().evaluate((audio: HTMLAudioElement) => audio.currentTime);
const silent = (page: Page) => page.locator('body > audio').first().evaluate((audio: HTMLAudioElement) => audio.paused);

/** It sounds, and goes on from where it was. */
async function playsOn(page: Page, since: number): Promise<number> {
    await expect.poll(() => heard(page)).toBeGreaterThan(since + 0.3);
    expect(await silent(page)).toBe(false);
    return heard(page);
}

test('a book plays on while its listener goes through the shop, and ends when they log out', async ({ page }) => {
    await register(page);
    await buy(page, TITLE);
    await open(page, `/library/${TITLE}`);
    const player = page.getByTestId('player');
    await player.getByTestId('play-this').or(player.getByTestId('play')).first().click();
    let at = await playsOn(page, 0);
    let documents = 0;
    page.on('request', (request) => {
        if (request.resourceType() === 'document') documents += 1;
    });

    const header = page.locator('header');
    const footer = page.locator('footer');
    const titles = page.locator('main article h3 a');
    const ways = {
        '/cart': header.getByRole('link', { name: /^Cart/ }),
        '/browse': header.getByRole('link', { name: 'Browse' }).first(),
        '/books/': titles.first(),
        '/discover': footer.getByRole('link', { name: 'Discover' }),
        '/orders': footer.getByRole('link', { name: 'Your orders' }),
        '/library': footer.getByRole('link', { name: 'Your library' }),
    };
    for (const [path, way] of Object.entries(ways)) {
        await test.step(path, async () => {
            await way.click();
            await page.waitForURL((url) => url.pathname.startsWith(path));
            await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
            await expect(page.getByTestId('player-bar')).toBeVisible();
            at = await playsOn(page, at);
        });
    }

    await test.step('back, and back again', async () => {
        await page.goBack();
        await page.waitForURL('**/orders');
        at = await playsOn(page, at);
        await page.goBack();
        await page.waitForURL('**/discover');
        at = await playsOn(page, at);
    });

    await test.step('a page that is not there', async () => {
        await page.evaluate(() => {
            const link = Object.assign(document.createElement('a'), { href: '/books/nowhere-to-be-found' });
            document.body.append(link);
            link.click();
            link.remove();
        });
        await page.waitForURL('**/books/nowhere-to-be-found');
        at = await playsOn(page, at);
    });
    expect(documents, 'the document stayed').toBe(0);

    await test.step('whoever logs out hears no more', async () => {
        await header.locator('details:visible summary').click();
        await header.locator('details[open]').getByRole('button', { name: 'Log out' }).click();
        await expect(page.getByTestId('player-bar')).toHaveCount(0);
        await expect.poll(() => silent(page)).toBe(true);
    });
});
