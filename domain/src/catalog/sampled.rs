//! Samples: what anyone may hear of a title, and read along with.

use super::{Sample, TextRights};
use crate::Timestamp;
use crate::entities::audiobooks;
use crate::transcript::{Segment, segments};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, DerivePartialModel};

/// What a sample needs of a title.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
pub(super) struct Sampled {
    pub sample_key: Option<String>,
    pub sample_start_ms: i64,
    pub sample_end_ms: i64,
    pub text_rights: TextRights,
    pub updated_at: Timestamp,
}

impl From<&audiobooks::Model> for Sampled {
    fn from(title: &audiobooks::Model) -> Self {
        Self {
            sample_key: title.sample_key.clone(),
            sample_start_ms: title.sample_start_ms,
            sample_end_ms: title.sample_end_ms,
            text_rights: title.text_rights,
            updated_at: title.updated_at,
        }
    }
}

impl Sampled {
    fn there(&self) -> bool {
        self.sample_key.is_some() && self.sample_end_ms > self.sample_start_ms
    }

    /// From where to where the text may be read, in milliseconds; `None` without a sample, and where it may not be read.
    pub fn read(&self) -> Option<(i64, i64)> {
        (self.there() && self.text_rights.may_be_read()).then_some((self.sample_start_ms, self.sample_end_ms))
    }

    /// The sample with what is said in it.
    pub fn saying(&self, segments: Vec<Segment>) -> Option<Sample> {
        self.there().then_some(Sample {
            start_ms: self.sample_start_ms,
            end_ms: self.sample_end_ms,
            version: self.updated_at,
            segments,
        })
    }
}

/// Whether a title has a sample in which something is said that may be read.
pub(super) fn can_be_heard() -> Expr {
    use audiobooks::Column;
    let of_title = |column: Column| Expr::col((audiobooks::Entity, column));
    let said = segments::said(of_title(Column::Id), of_title(Column::SampleStartMs), of_title(Column::SampleEndMs));
    Column::SampleKey.is_not_null().and(Column::TextRights.ne(TextRights::None)).and(Expr::exists(said))
}
