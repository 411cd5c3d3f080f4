//! A piece of a book for the browser or the program that plays it. Players ask for one after the other, so whoever asks, what they may hear
//! and where it lies are looked up in one statement; nothing is remembered in between, and access ends when it is taken.

use super::access::missing;
use super::player::file_name;
use crate::account::User;
use crate::account::users::Account;
use crate::entities::{audiobooks, entitlements, file_copies, files, parts, sessions, users};
use crate::{Db, Result, secret};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, JoinType, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter, QueryResult, QuerySelect,
    Select,
};
use uuid::Uuid;

/// A copy of a file, for players.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub storage_key: String,
    /// In bytes.
    pub size: i64,
}

/// A file to stream or download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartFile {
    pub storage_key: String,
    pub media_type: String,
    /// In bytes.
    pub size: i64,
    pub sha256: String,
    /// What is played instead, where browsers do not play the file itself as they should.
    pub copy: Option<Copy>,
    /// What it is called on a listener's disk: after the title, not after what was uploaded.
    pub file_name: String,
}

/// Who asks for a part in a session, and the part.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is kept in the session. Whether it is still good for the account, the session layer says.
    pub session: String,
    pub whose: WhosePart,
}

/// Who asks for a part, and the part.
#[derive(Clone, Debug)]
pub struct WhosePart {
    pub account: Account,
    bought: bool,
    file: Option<PartFile>,
}

impl WhosePart {
    /// The file, for whoever asks: `viewer`, who may be less than their account says.
    ///
    /// # Errors
    /// `NotFound` when there is no such part or the book is not this person's to hear.
    pub fn file(self, viewer: &User) -> Result<PartFile> {
        let own = viewer.id == self.account.user.id;
        let may = own && (self.bought || viewer.is_admin() && self.account.user.is_admin());
        self.file.filter(|_| may).ok_or_else(missing)
    }
}

/// Part `number` of a book, counted from 0, asked for in the session with this id, as the cookie holds it. Nothing when nobody
/// is logged in there.
///
/// # Errors
/// When the database fails.
pub async fn part(db: &Db, session_id: &str, audiobook_id: Uuid, number: i32) -> Result<Option<Asked>> {
    let mut query = sessions::Entity::find()
        .select_only()
        .column_as(sessions::Column::Data, "session")
        .filter(sessions::Column::Id.eq(secret::digest(session_id)))
        .filter(sessions::Column::ExpiresAt.gt(db.now()));
    let whose = users::Column::Id.into_expr().equals((sessions::Entity, sessions::Column::UserId));
    QuerySelect::query(&mut query).join(
        JoinType::InnerJoin,
        users::Entity,
        whose.and(users::Column::DisabledAt.is_null()).into_condition(),
    );
    let found = with_part(query, audiobook_id, number).into_model::<InSession>().one(db.read()).await?;
    found.map(|found| Ok(Asked { session: found.session, whose: whose_part(found.of, number)? })).transpose()
}

/// Part `number` of a book, counted from 0, for the person with this id, by an address that was given to them. Nothing when
/// there is nobody, or they are disabled.
///
/// # Errors
/// When the database fails.
pub async fn part_of_person(db: &Db, user_id: Uuid, audiobook_id: Uuid, number: i32) -> Result<Option<WhosePart>> {
    let query = users::Entity::find()
        .select_only()
        .filter(users::Column::Id.eq(user_id))
        .filter(users::Column::DisabledAt.is_null());
    let found = with_part(query, audiobook_id, number).into_model::<Found>().one(db.read()).await?;
    found.map(|found| whose_part(found, number)).transpose()
}

fn whose_part(found: Found, number: i32) -> Result<WhosePart> {
    let file = found.stored.map(|stored| PartFile {
        file_name: file_name(&stored.slug, number, stored.count, &stored.original_name),
        storage_key: stored.storage_key,
        media_type: stored.media_type,
        size: stored.size,
        sha256: stored.sha256,
        copy: stored.copy,
    });
    Ok(WhosePart { account: found.user.try_into()?, bought: found.bought, file })
}

const USER: &str = "user_";

/// One row for each person that `query` finds: they, and the part and their right to it where there are such.
fn with_part<E: EntityTrait>(mut query: Select<E>, audiobook_id: Uuid, number: i32) -> Select<E> {
    let of = |column: parts::Column| Expr::col((parts::Entity, column));
    let count = Query::select()
        .expr(of(parts::Column::Id).count())
        .from(parts::Entity)
        .and_where(of(parts::Column::AudiobookId).eq(audiobook_id))
        .to_owned();
    query = query
        .column_as(entitlements::Column::Id, "bought")
        .column_as(files::Column::StorageKey, "storage_key")
        .column_as(files::Column::MediaType, "media_type")
        .column_as(files::Column::Size, "size")
        .column_as(files::Column::Sha256, "sha256")
        .column_as(files::Column::OriginalName, "original_name")
        .column_as(file_copies::Column::StorageKey, "copy_key")
        .column_as(file_copies::Column::Size, "copy_size")
        .column_as(audiobooks::Column::Slug, "slug")
        .column_as(SimpleExpr::from(count), "count");
    for column in users::Column::iter() {
        query = query.column_as(column, format!("{USER}{}", column.as_str()));
    }
    let entitled = entitlements::Column::AudiobookId.eq(audiobook_id);
    let theirs = entitlements::Column::UserId.into_expr().equals((users::Entity, users::Column::Id));
    QuerySelect::query(&mut query)
        .join(
            JoinType::LeftJoin,
            parts::Entity,
            parts::Column::AudiobookId.eq(audiobook_id).and(parts::Column::Position.eq(number)),
        )
        .join(
            JoinType::LeftJoin,
            files::Entity,
            files::Column::Id.into_expr().equals((parts::Entity, parts::Column::FileId)),
        )
        .join(
            JoinType::LeftJoin,
            file_copies::Entity,
            file_copies::Column::FileId.into_expr().equals((parts::Entity, parts::Column::FileId)),
        )
        .join(
            JoinType::LeftJoin,
            audiobooks::Entity,
            audiobooks::Column::Id.into_expr().equals((parts::Entity, parts::Column::AudiobookId)),
        )
        .join(
            JoinType::LeftJoin,
            entitlements::Entity,
            theirs.and(entitled).and(entitlements::Column::RevokedAt.is_null()),
        );
    query
}

struct InSession {
    session: String,
    of: Found,
}

struct Found {
    user: users::Model,
    bought: bool,
    stored: Option<Stored>,
}

/// Where a part lies.
struct Stored {
    storage_key: String,
    media_type: String,
    size: i64,
    sha256: String,
    original_name: String,
    copy: Option<Copy>,
    slug: String,
    /// Parts of the book.
    count: i64,
}

impl FromQueryResult for InSession {
    fn from_query_result(row: &QueryResult, pre: &str) -> Result<Self, DbErr> {
        Ok(Self { session: row.try_get("", "session")?, of: Found::from_query_result(row, pre)? })
    }
}

impl FromQueryResult for Found {
    fn from_query_result(row: &QueryResult, _: &str) -> Result<Self, DbErr> {
        let storage_key: Option<String> = row.try_get("", "storage_key")?;
        let copy: Option<String> = row.try_get("", "copy_key")?;
        let copy_size: Option<i64> = row.try_get("", "copy_size")?;
        let copy = copy.zip(copy_size).map(|(storage_key, size)| Copy { storage_key, size });
        let stored = |storage_key| -> Result<Stored, DbErr> {
            Ok(Stored {
                storage_key,
                media_type: row.try_get("", "media_type")?,
                size: row.try_get("", "size")?,
                sha256: row.try_get("", "sha256")?,
                original_name: row.try_get("", "original_name")?,
                copy: copy.clone(),
                slug: row.try_get("", "slug")?,
                count: row.try_get("", "count")?,
            })
        };
        Ok(Self {
            user: users::Model::from_query_result(row, USER)?,
            bought: row.try_get::<Option<Uuid>>("", "bought")?.is_some(),
            stored: storage_key.map(stored).transpose()?,
        })
    }
}
