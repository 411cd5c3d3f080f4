import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { logInAsAdmin } from './support/shopper';

test.use({
    // A shop of its own, with that of the last licence: elsewhere both people are looked for.
    wishes: { settings: { LECTERN_NAME: 'Counted' } },
    contextOptions: { reducedMotion: 'reduce' },
    expected: { 'a name that nobody has': refused('(409|422)', '/api/admin/merge-contributor') },
});

// Pages are looked at four times each.
test.describe.configure({ timeout: 240_000 });

test('a person who is there twice becomes one, with all titles, and the old address leads on', async ({ page }) => {
    await logInAsAdmin(page);
    await open(page, '/admin/contributors?q=june');
    await page.getByRole('link', { name: 'June Halloran' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'June Halloran' })).toBeVisible();
    await settled(page);
    await inspect(page, 'a person');
    await page.getByLabel('Name of the other entry').fill('Nobody At All');
    await page.getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'June Halloran' })).toBeVisible();
    await page.getByLabel('Name of the other entry').fill('Nora Fenwick');
    await page.getByRole('button', { name: 'Merge' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Nora Fenwick' })).toBeVisible();
    await open(page, '/people/june-halloran');
    await page.waitForURL((url) => url.pathname === '/people/nora-fenwick');
    await expect(page.getByRole('heading', { level: 1, name: 'Nora Fenwick' })).toBeVisible();
    await open(page, '/admin/contributors?q=june');
    await expect(page.getByRole('link', { name: 'June Halloran' })).toHaveCount(0);
});
