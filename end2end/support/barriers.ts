import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, open, test } from './journey';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const COLOURS = ['light', 'dark'] as const;
/** A folder for pictures of every page that is looked at, whole, for people to look at as well. */
const SHOTS = process.env.LECTERN_SHOTS;

/** Colours fade into each other when the scheme changes: what counts is where they end. */
async function stillness(page: Page): Promise<void> {
    await page.evaluate(async () => {
        const frame = () => new Promise((next) => requestAnimationFrame(next));
        for (let calm = 0; calm < 3; calm += 1) {
            await frame();
            const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
            for (const one of fading) one.finish();
        }
    });
}

async function shoot(page: Page, folder: string, name: string): Promise<void> {
    const journey = test.info().titlePath.slice(0, 1).join(' ');
    const file = `${journey} ${name}`.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase();
    await page.screenshot({ path: join(folder, `${file}.png`), fullPage: true, animations: 'disabled' });
}

/** Looks for violations on the page as it is now, in each size and colour scheme. */
export async function inspect(page: Page, name: string): Promise<void> {
    await test.step(name, async () => {
        for (const [size, viewport] of Object.entries(SIZES)) {
            await page.setViewportSize(viewport);
            for (const colorScheme of COLOURS) {
                await page.emulateMedia({ colorScheme });
                await stillness(page);
                // Our pages have no frames; for those axe would open a page of its own each time.
                const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(RULES).analyze();
                const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
                expect.soft(found, `${name}, ${size}, ${colorScheme}`).toEqual([]);
                const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
                if (SHOTS) await shoot(page, SHOTS, `${name} ${size} ${colorScheme}`);
                expect.soft(sideways, `${name} is too wide, ${size}`).toBeLessThanOrEqual(0);
            }
        }
    });
}

/** Opens a page and looks for violations on it. */
export async function visit(page: Page, name: string, path: string): Promise<void> {
    await open(page, path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await inspect(page, name);
}
