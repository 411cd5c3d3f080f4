//! Reading and changing the switches of the shop.

use super::{Audience, Flag, Rule, Switch, SwitchForm};
use crate::audit::{self, Action, Entry};
use crate::entities::feature_flags::{ActiveModel, Column, Entity, Model};
use crate::{Db, Error, Result};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

/// All switches as they are now, in their order. One with a rule that this server does not know, as a newer one may have written,
/// stands as it does where nobody has switched it.
///
/// # Errors
/// When the database fails.
pub async fn read(db: &impl ConnectionTrait) -> Result<Vec<Switch>> {
    let names = Flag::ALL.map(Flag::name);
    let rows = Entity::find().filter(Column::Name.is_in(names)).all(db).await?;
    let rule =
        |flag: Flag| rows.iter().find(|row| row.name == flag.name()).map_or(flag.standing(), |row| known(flag, row));
    Ok(Flag::ALL.into_iter().map(|flag| Switch { flag, rule: rule(flag) }).collect())
}

fn known(flag: Flag, row: &Model) -> Rule {
    let percent = row.percent.and_then(|percent| u8::try_from(percent).ok());
    let audience: Option<Audience> = row.rule.parse().ok();
    audience.and_then(|audience| Rule::of(audience, percent)).unwrap_or_else(|| {
        tracing::warn!(flag = flag.name(), rule = row.rule, "a switch stands on what is not known here");
        flag.standing()
    })
}

/// Switches something.
///
/// # Errors
/// `NotFound` when there is no such switch; [`Error::Invalid`] on the field `rule` or `percent`.
pub(super) async fn save(db: &Db, typed: &SwitchForm) -> Result<Switch> {
    let wanted = validated(typed)?;
    let Switch { flag, rule } = wanted;
    db.transaction(async |tx| {
        let before = Entity::find_by_id(flag.name().to_owned()).one(&tx).await?;
        let before = before.as_ref().map_or(flag.standing(), |row| known(flag, row));
        let row = ActiveModel {
            name: Set(flag.name().to_owned()),
            rule: Set(rule.audience().name().to_owned()),
            percent: Set(rule.percent().map(i32::from)),
            changed_at: Set(tx.now()),
        };
        let columns = [Column::Rule, Column::Percent, Column::ChangedAt];
        let again = OnConflict::column(Column::Name).update_columns(columns).to_owned();
        Entity::insert(row).on_conflict(again).exec_without_returning(&tx).await?;
        let line = Entry::new(Action::FlagSwitched).on("flag", flag.name());
        audit::record(&tx, line.with(json!({ "before": before, "after": rule }))).await?;
        Ok(wanted)
    })
    .await
}

fn validated(typed: &SwitchForm) -> Result<Switch> {
    let flag: Flag = typed.flag.parse().map_err(|_| Error::NotFound("flag"))?;
    let audience: Audience = typed.rule.parse().map_err(|_| Error::invalid("rule", "flag.no-rule"))?;
    let no_percent = || Error::invalid("percent", "flag.no-percent");
    // What is no part of a hundred is told, whatever it is for.
    let percent: Option<u8> = match typed.percent.trim() {
        "" => None,
        typed => Some(typed.parse::<u8>().ok().filter(|percent| *percent <= 100).ok_or_else(no_percent)?),
    };
    let rule = Rule::of(audience, percent).ok_or_else(no_percent)?;
    Ok(Switch { flag, rule })
}
