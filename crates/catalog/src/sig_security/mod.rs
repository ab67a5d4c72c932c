//! Controls of the chapter on sig security. One alphabetical list; a test fails when a file is missing from it.

use plimsoll_control::Control;

mod abac_authorization;
mod add_on_check_off;
mod admission_weakened;
mod authorization_modes_incomplete;
mod authorizers_too_open;
mod bootstrap_token_unbounded;
mod bootstrappers_granted_more;
mod cluster_dns_too_open;
mod component_authentication_weakened;
mod component_listens_everywhere;
mod controllers_share_one_identity;
mod login_not_revocable;
mod long_lived_client_certificate;
mod node_restriction_missing;
mod profiling_enabled;
mod webhook_authorizer_added;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &abac_authorization::CONTROL,
    &add_on_check_off::CONTROL,
    &admission_weakened::CONTROL,
    &authorization_modes_incomplete::CONTROL,
    &authorizers_too_open::CONTROL,
    &bootstrap_token_unbounded::CONTROL,
    &bootstrappers_granted_more::CONTROL,
    &cluster_dns_too_open::CONTROL,
    &component_authentication_weakened::CONTROL,
    &component_listens_everywhere::CONTROL,
    &controllers_share_one_identity::CONTROL,
    &login_not_revocable::CONTROL,
    &long_lived_client_certificate::CONTROL,
    &node_restriction_missing::CONTROL,
    &profiling_enabled::CONTROL,
    &webhook_authorizer_added::CONTROL,
];
