//! Every configuration key, once.

/// A key, its default and what it is for.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub about: &'static str,
}

impl Key {
    /// The environment variable: `LECTERN_DATABASE__URL` for `database.url`.
    pub fn variable(&self) -> String {
        variable(self.name)
    }
}

/// The environment variable of a key.
pub fn variable(name: &str) -> String {
    format!("LECTERN_{}", name.replace('.', "__").to_uppercase())
}

/// Keys that are called otherwise now.
pub const RENAMED: &[(&str, &str)] = &[
    ("accounts.admins_need_second_step", "accounts.admins_need_two_factor"),
    ("limits.second_step", "limits.two_factor"),
];

const fn key(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key { name, default, about }
}

pub const KEYS: &[Key] = &[
    key("listen", "127.0.0.1:3000", "Address and port to serve on. Port 0 takes a free one."),
    key(
        "public_url",
        "",
        "Where people reach the shop, such as https://shop.example. With https, cookies are for TLS only.",
    ),
    key(
        "hsts_subdomains",
        "true",
        "Whether browsers that were here over https reach every subdomain of the shop's host over https alone, for two years.",
    ),
    key("data_dir", "data", "Folder for whatever has no address of its own: database, storage, models, work files."),
    key("name", "Lectern", "What the shop is called while nobody has said so at /admin/settings."),
    key("currency", "USD", "The shop's currency (ISO 4217) while nobody has chosen one at /admin/settings."),
    key(
        "server.connections",
        "800",
        "Connections at once: fewer than files may be open (ulimit -n). When all are taken, the one whose client has done \
         nothing for longest makes room.",
    ),
    key(
        "server.head_seconds",
        "20",
        "Seconds for the head of a request, from the beginning of its connection or the end of the answer before: so long \
         stays a connection that asks for nothing.",
    ),
    key(
        "server.body_seconds",
        "20",
        "Seconds for the body of a request; a longer one comes at 16 KiB a second after that. Uploads only have to go on.",
    ),
    key(
        "server.write_seconds",
        "60",
        "Seconds after which a client is let go that takes nothing of what is sent to it.",
    ),
    key("server.stop_seconds", "8", "Seconds that a stop waits for what is under way."),
    key("database.url", "", "sqlite:, postgres: or mysql: address. Empty: lectern.db in the data folder."),
    key("database.connections", "10", "Connections held at most."),
    key("database.migrate", "true", "Bring the schema up to date when serving starts."),
    key(
        "redis.url",
        "",
        "A Redis or Valkey that several servers share, such as redis://:password@redis.example:6379/0; rediss:// is with TLS, \
         unix:///run/redis.sock a socket. Empty: none. The shop stays open while it is away.",
    ),
    key("redis.prefix", "lectern:", "What the shop's keys there begin with: one for each shop that shares it."),
    key(
        "redis.answer_ms",
        "150",
        "Milliseconds that it has to answer; after that the shop goes on without it until it is back.",
    ),
    key("site.root", "target/site", "Folder with the built pages (pkg/ and public files)."),
    key("session.days", "30", "Days of inactivity after which a session ends."),
    key(
        "tokens.issuer",
        "",
        "Who access tokens for programs say they are from. Empty: public_url, or lectern where that is empty too.",
    ),
    key("tokens.audience", "lectern-api", "What access tokens say they are for."),
    key("tokens.access_minutes", "10", "Minutes that an access token is good for, 1 to 60."),
    key("tokens.refresh_days", "30", "Days without use after which a program has to log in again."),
    key("tokens.refresh_max_days", "90", "Days after which a program has to log in again in any case."),
    key("tokens.rotate_days", "30", "Days after which access tokens are signed with a new key."),
    key(
        "tokens.secret",
        "",
        "Seals the signing keys, the secrets of second steps and the keys of providers in the database: at least 32 random \
         characters, the same on every server. Empty: they are kept there as they are.",
    ),
    key(
        "api.allowed_origins",
        "",
        "Sites whose pages may use /api/v1 from a browser, separated by commas, such as https://app.example. Empty: none.",
    ),
    key(
        "webhooks.loopback",
        "false",
        "Whether webhooks reach this machine itself, by http too, for those who try their programs beside the shop.",
    ),
    key(
        "providers.private",
        "false",
        "Whether machines that hear and write, as admins name them at /admin/models, may stand in the shop's own network or \
         on this machine, by http too. Else they are asked by https, out in the world.",
    ),
    key(
        "google.client_id",
        "",
        "The shop's client id at Google, for logging in with Google; see docs/operations.md. Empty: without Google.",
    ),
    key("google.client_secret", "", "The secret that belongs to it."),
    key(
        "google.issuer",
        "https://accounts.google.com",
        "The OpenID provider. Its addresses come from what it publishes at /.well-known/openid-configuration.",
    ),
    key(
        "google.program_client_ids",
        "",
        "Client ids of programs, separated by commas, whose ID tokens /api/v1/auth/google-login takes besides the shop's.",
    ),
    key(
        "payments.provider",
        "simulated",
        "Who takes the money: simulated, where no money moves, or stripe; see docs/operations.md.",
    ),
    key(
        "stripe.secret_key",
        "",
        "The shop's secret key at Stripe, sk_test_… or sk_live_…; a restricted one begins with rk_.",
    ),
    key(
        "stripe.webhook_secrets",
        "",
        "The signing secrets (whsec_…) of the webhook endpoint, separated by commas: two while one is changed.",
    ),
    key("stripe.api", "https://api.stripe.com", "Where Stripe is asked. Another address is for tests."),
    key(
        "stripe.pages",
        "https://checkout.stripe.com",
        "Where Stripe's pages are to which buyers are sent: another one for an account with a domain of its own.",
    ),
    key(
        "rates.from",
        "file",
        "Where rates come from by which prices are shown in other currencies: file, or ecb, the European Central Bank's \
         daily ones. The bank's rates of more than ten days ago are not shown; those of a file always are, with their day.",
    ),
    key(
        "rates.file",
        "",
        "A file in the form of the bank's eurofxref-daily.xml, read every six hours. Empty: the one that comes with the shop.",
    ),
    key("rates.bank", "https://www.ecb.europa.eu", "Where the bank is asked. Another address is for tests."),
    key("session.absolute_days", "90", "Days after which a session ends however busy it is."),
    key(
        "accounts.admins_need_two_factor",
        "false",
        "Whether admins may do nothing as such until they have turned on the second step of their log-in.",
    ),
    key(
        "proxies",
        "",
        "Addresses or networks (10.0.0.0/8) of the proxies in front, separated by commas. Only they are believed when \
         X-Forwarded-For names where a request comes from.",
    ),
    key(
        "limits.shared",
        "auto",
        "Where attempts are counted: memory for one server; database or redis for several that share their limits; auto is \
         redis where redis.url names one, else memory. While Redis is away each server counts by itself.",
    ),
    key(
        "limits.login_network",
        "60/5m",
        "Log-ins from one network (an IPv4 address, an IPv6 /64): so many at once, and as many again spread over the while \
         (s, m, h or d). All limits are written so, or off. An IPv6 /48 has sixteen times as much for all its networks.",
    ),
    key(
        "limits.login_account",
        "10/10m",
        "Log-ins to one account from one network, or from one browser that it knows.",
    ),
    key(
        "limits.login_everywhere",
        "100/1h",
        "Log-ins to one account from everywhere together, without the browsers that it knows.",
    ),
    key("limits.google", "120/5m", "Ways to Google and back from one network; a log-in is two."),
    key("limits.register", "60/1h", "Registrations from one network."),
    key("limits.reset_network", "20/1h", "Password resets asked for from one network."),
    key("limits.reset_account", "3/15m", "Password resets asked for one account."),
    key("limits.within", "10/10m", "Passwords asked for again, and mails asked for, by one account that is logged in."),
    key("limits.two_factor", "10/30m", "Codes at the second step of a log-in, for one account."),
    key(
        "limits.refused",
        "10/10m",
        "Lines in the audit trail that one account wanted what needs another permission; more are only logged.",
    ),
    key("limits.refresh", "300/5m", "Refreshed tokens from one network."),
    key("limits.meter", "60/1m", "Passwords measured while they are typed, from one network."),
    key(
        "limits.suggest",
        "900/1m",
        "Suggestions while somebody types, from one network: three people who type without a pause.",
    ),
    key("limits.api", "600/1m", "Requests to /api/v1 from one network."),
    key("limits.guest_cart", "120/10m", "Titles put into carts by guests from one network."),
    key(
        "limits.mail_address",
        "5/1h",
        "Mails to one address that people who are logged in ask for, to confirm it or to move there, whoever asks.",
    ),
    key("limits.checkout", "30/1h", "Tries to pay by one account. After declined cards it waits longer besides."),
    key("limits.checkout_network", "120/1h", "Tries to pay from one network."),
    key("limits.rate", "60/1h", "Titles rated by one account, those rated anew among them."),
    key("limits.report", "20/1h", "Reviews reported by one account."),
    key("limits.gift", "60/10m", "Codes of gifts tried from one network."),
    key("limits.coupon", "20/10m", "Codes of coupons typed from one network."),
    key("limits.search_book", "60/5m", "Searches of one account in what is said in its books."),
    key(
        "limits.document",
        "60/10m",
        "Receipts and invoices that one account takes along as documents: each is set anew.",
    ),
    key("storage.kind", "folder", "Where files are kept: folder or s3."),
    key("storage.path", "", "Folder for files. Empty: storage in the data folder."),
    key(
        "storage.sent_by",
        "shop",
        "Who sends the bytes of what is heard, once the shop has said yes: shop; x-accel-redirect (nginx) or x-sendfile \
         (Apache, lighttpd), with files in a folder that the proxy can read; link, a link into the bucket that ends soon.",
    ),
    key("storage.internal_path", "/stored", "Where nginx has the folder for files, as an internal location."),
    key(
        "storage.link_seconds",
        "900",
        "How long a link into the bucket is good for, 10 to 86400: so long whoever has one hears on after a refund.",
    ),
    key("storage.s3.endpoint", "", "Address of the S3 service. Empty: Amazon's for the region."),
    key(
        "storage.s3.public_endpoint",
        "",
        "Where browsers reach the S3 service, for storage.sent_by = link. Empty: where the shop does.",
    ),
    key("storage.s3.region", "us-east-1", "Region of the bucket."),
    key("storage.s3.bucket", "lectern", "Bucket for files."),
    key("storage.s3.access_key", "", "Access key id."),
    key("storage.s3.secret_key", "", "Secret access key."),
    key(
        "storage.s3.path_style",
        "true",
        "Bucket in the path rather than in the host name; most servers other than Amazon's want it.",
    ),
    key("uploads.max_bytes", "4294967296", "Largest file taken, in bytes."),
    key(
        "uploads.form_max_bytes",
        "104857600",
        "Largest file taken in one form of a program, in bytes; larger ones come by the way that can be gone on with.",
    ),
    key("uploads.max_hours", "100", "Longest file taken, in hours."),
    key("uploads.expire_hours", "72", "Hours after which an abandoned upload is removed."),
    key("worker.enabled", "true", "Run a worker inside `lectern serve`."),
    key(
        "worker.gpus",
        "",
        "GPUs to use, as numbers separated by commas; one slot for each. Empty: one slot on the CPU.",
    ),
    key("worker.threads", "0", "CPU threads for an engine. 0: all to hear, all but one to write."),
    key("worker.lease_seconds", "60", "Seconds without a heartbeat after which a job is given to another worker."),
    key("worker.work_dir", "", "Folder for files that can be made again. Empty: work in the data folder."),
    key("engines.whisper", "", "The lectern-whisper program. Empty: beside this program."),
    key("engines.llama", "", "The lectern-llama program. Empty: beside this program."),
    key("engines.idle_seconds", "300", "Seconds after which an engine without work is stopped."),
    key("engines.timeout_seconds", "600", "Seconds that one request to an engine may take."),
    key("models.dir", "", "Folder for models. Empty: models in the data folder."),
    key("models.demo_dir", "models/demo", "Folder with the demonstration models."),
    key("models.demo", "true", "Use the demonstration models while no real one is there. Pages say so."),
    key("models.speech", "", "Name or file of the speech model. Empty: the best one that is there."),
    key(
        "models.writing",
        "",
        "Name or file of the writing model. Empty: the best one that is there, else the extractive writer.",
    ),
    key("models.hub", "https://huggingface.co", "Where models are pulled from."),
    key(
        "mail.kind",
        "file",
        "How mails leave: smtp, or file for development: they stay in a folder and are read at /admin/mail.",
    ),
    key("mail.from", "", "Who mails are from, such as Shop <post@shop.example>. Empty: no-reply at the shop's host."),
    key("mail.dir", "", "Folder for mails with mail.kind = file. Empty: mail in the data folder."),
    key(
        "mail.folder_is_read_by_admins",
        "false",
        "Whether mail.kind = file is meant although public_url is https: an admin then reads the links by which people \
         choose passwords.",
    ),
    key("mail.smtp.host", "", "The mail server."),
    key("mail.smtp.port", "0", "Its port. 0: the usual one, which is 587 for starttls, 465 for implicit, 25 for none."),
    key(
        "mail.smtp.tls",
        "starttls",
        "starttls, implicit (TLS from the first byte), or none (only within a machine or a network of one's own).",
    ),
    key("mail.smtp.user", "", "User name at the mail server. Empty: no log-in."),
    key("mail.smtp.password", "", "Password at the mail server."),
    key("mail.smtp.ca", "", "File with a certificate authority (PEM) to trust besides the system's."),
    key("mail.smtp.timeout_seconds", "30", "Seconds that sending one mail may take."),
    key(
        "metrics.listen",
        "",
        "Address and port for numbers, at /metrics, as Prometheus reads them; none but it should reach them. Empty: none.",
    ),
    key(
        "metrics.token",
        "",
        "Whoever sends this in the header Authorization (Bearer) reads /metrics at the shop's own address: at least 32 random \
         characters. Empty: it is not there.",
    ),
    key(
        "traces.endpoint",
        "",
        "Where spans are sent by OTLP over HTTP, such as http://collector:4318/v1/traces. Empty: no traces are kept.",
    ),
    key(
        "traces.headers",
        "",
        "Headers that are sent along, such as authorization=Bearer …, separated by commas; a secret of the collector's.",
    ),
    key("traces.sample", "1", "Share of the requests that are traced, 0 to 1, with all that follows from them."),
    key("traces.service_name", "lectern", "What the shop is called among the services of the collector."),
    key("log.format", "text", "text or json."),
    key(
        "log.filter",
        "info,sqlx=warn,symphonia_bundle_mp3=warn,symphonia_core=error,tower_sessions=warn",
        "What is logged (tracing's filter syntax).",
    ),
];
