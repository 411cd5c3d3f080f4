import { randomUUID } from 'node:crypto';

/** The configuration of a shop that keeps its files in a bucket of its own, which it makes when it opens. */
export function bucketAt(server: string): Record<string, string> {
    if (!server) throw new Error('LECTERN_TEST_S3 does not name an S3 server, and here it has to');
    return {
        LECTERN_STORAGE__KIND: 's3',
        LECTERN_STORAGE__S3__ENDPOINT: server,
        LECTERN_STORAGE__S3__REGION: 'us-east-1',
        LECTERN_STORAGE__S3__BUCKET: `journey-${randomUUID()}`,
        LECTERN_STORAGE__S3__ACCESS_KEY: 'test',
        LECTERN_STORAGE__S3__SECRET_KEY: 'testtest',
        LECTERN_STORAGE__S3__PATH_STYLE: 'true',
    };
}
