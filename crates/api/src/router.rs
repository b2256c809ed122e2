//! Every operation of the API in one list: what the router serves and what the OpenAPI document says are the same.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use model::Code;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::Api;
use crate::caller::authenticate;
use crate::guard::{Access, Gate, guard};
use crate::openapi::shapes::Shape::{self, *};
use crate::place::not_found;
use crate::problem_json::Failure;
use crate::routes::{
    activity, audit, batches, boot, bulk, calendars, capture, consent, customers, devices, duplicates, exports, files,
    health, hours, imports, jobs, leads, links, mail, metadata, notifications, presence, quality, quotes, rates,
    records, relations, search, second_factor, sessions, setup, shared, signals, territories, users, view_as,
    workspace as whole,
};
use crate::{live, observe, openapi};

/// How long an operation may take until its answer begins.
const SECONDS: u64 = 30;
/// How long an upload or a large batch may take.
const SLOW_SECONDS: u64 = 900;

/// One operation.
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// Path with `{parts}`.
    pub path: &'static str,
    /// `operationId` in OpenAPI.
    pub id: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Who may come and with which parameters.
    pub gate: Gate,
    /// What is sent.
    pub body: Shape,
    /// What is answered.
    pub answer: Shape,
    /// Status of success.
    pub status: u16,
    route: MethodRouter<Api>,
}

/// Every operation.
pub fn operations() -> Vec<Operation> {
    [
        log_in(),
        second_factors(),
        audit_log(),
        workspace(),
        outgoing_mail(),
        devices_of_users(),
        imports_and_duplicates(),
        consents(),
        customer_care(),
        territories_of_companies(),
        enquiries(),
        offers(),
        calendars_elsewhere(),
        working_time(),
        shared_documents(),
        objects_and_fields(),
        records_of_objects(),
        program(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// First run, log-in, sessions, invitations.
#[rustfmt::skip]
fn log_in() -> Vec<Operation> {
    vec![
        get("/api/v1/setup", "showSetup", "Whether the first-run set-up is still to be done.", setup::show).public().answers(Named("SetupState")),
        post("/api/v1/setup", "runSetup", "Names the company, makes the first administrator and logs in.", setup::run).public().takes(Named("SetupRequest")).answers(Named("LoggedIn")).with(201),
        post("/api/v1/session", "logIn", "Logs in; the session is a cookie.", sessions::log_in).public().takes(Named("LogInRequest")).answers(Named("LoggedIn")),
        post("/api/v1/session/set_up", "offerSecondFactor", "Shows the secret of a second factor that a log-in asks to be set up.", second_factor::offer).public().takes(Named("ChallengeRequest")).answers(Named("SecondFactorOffer")),
        post("/api/v1/session/code", "enterCode", "The second step of a log-in: the code of the app, or a recovery code.", second_factor::enter).public().takes(Named("CodeRequest")).answers(Named("LoggedIn")),
        delete("/api/v1/session", "logOut", "Ends this session.", sessions::log_out).person().harmless().answers(Empty),
        put("/api/v1/session/password", "changePassword", "Changes one's own password and ends all other sessions.", sessions::change_password).person().takes(Named("PasswordRequest")).answers(Named("LoggedIn")),
        post("/api/v1/session/view_as", "viewAs", "Sees everything as a user does from now on, for reading alone; the audit log tells of it.", view_as::begin).person().takes(Named("ViewAsRequest")).answers(Empty),
        delete("/api/v1/session/view_as", "stopViewing", "Sees everything as oneself again.", view_as::end).person().harmless().answers(Empty),
        get("/api/v1/sessions", "listSessions", "One's own sessions.", sessions::list).person().own().answers(Named("Sessions")),
        delete("/api/v1/sessions", "endOtherSessions", "Ends all of one's own sessions but this one.", sessions::end_others).person().answers(Named("Ended")),
        delete("/api/v1/sessions/{id}", "endSession", "Ends one of one's own sessions.", sessions::end).person().answers(Empty),
        post("/api/v1/users/{id}/invite", "inviteUser", "Makes a link with which a user sets a password; older links stop working.", users::invite).answers(Named("Invitation")),
        get("/api/v1/invitations/{token}", "showInvitation", "Whom an open invitation is for.", users::show).public().answers(Named("Invited")),
        post("/api/v1/invitations/{token}", "acceptInvitation", "Sets the password and logs in; works once.", users::accept).public().takes(Named("AcceptRequest")).answers(Named("LoggedIn")),
    ]
}

/// Second factors.
#[rustfmt::skip]
fn second_factors() -> Vec<Operation> {
    vec![
        get("/api/v1/session/second_factor", "showSecondFactor", "Whether one's own log-in asks for a code.", second_factor::show).person().own().answers(Named("SecondFactor")),
        post("/api/v1/session/second_factor", "beginSecondFactor", "Shows the secret of a new second factor; a code confirms it.", second_factor::begin).person().takes(Named("BeginSecondFactor")).answers(Named("SecondFactorOffer")),
        post("/api/v1/session/second_factor/confirm", "confirmSecondFactor", "Confirms the new second factor and ends other sessions; the recovery codes are shown this once.", second_factor::confirm).person().takes(Named("Code")).answers(Named("RecoveryCodes")),
        post("/api/v1/session/second_factor/codes", "renewRecoveryCodes", "Makes new recovery codes; the old ones stop working.", second_factor::renew).person().takes(Named("Code")).answers(Named("RecoveryCodes")),
        post("/api/v1/session/second_factor/remove", "removeSecondFactor", "Removes one's own second factor and ends other sessions.", second_factor::remove).person().takes(Named("Code")).answers(Named("RecoveryCodes")),
        get("/api/v1/second_factors", "listSecondFactors", "Which users have a second factor.", second_factor::list).own().answers(Named("SecondFactors")),
        delete("/api/v1/users/{id}/second_factor", "removeSecondFactorOf", "Removes the second factor of a user who lost it, and ends their sessions.", second_factor::remove_of).answers(Empty),
    ]
}

/// Who did what.
#[rustfmt::skip]
fn audit_log() -> Vec<Operation> {
    vec![
        get("/api/v1/audit", "listAudit", "Who did what and from where, newest first.", audit::list).query(audit::LIST).answers(Named("AuditEntries")),
        get("/api/v1/audit/verify", "verifyAudit", "Proves that no entry of the audit log was changed, removed or put in.", audit::verify).slow().answers(Named("AuditReport")),
        get("/api/v1/audit/export", "exportAudit", "Entries of the audit log as CSV.", audit::export).own().query(audit::EXPORT).slow().answers(Csv),
    ]
}

/// The whole workspace: start, events, search, batches, jobs, files.
#[rustfmt::skip]
fn workspace() -> Vec<Operation> {
    vec![
        get("/api/v1/boot", "boot", "Everything a user interface needs to start: user, rights, objects, views.", boot::boot).person().answers(Named("Boot")),
        get("/api/v1/view-counts", "countViews", "How many records saved views show.", boot::view_counts).person().query(boot::VIEW_COUNTS).answers(Named("ViewCounts")),
        get("/api/v1/workspace", "getWorkspace", "Name, currency, country and time zone of the company.", whole::get).answers(Named("Workspace")),
        patch("/api/v1/workspace", "changeWorkspace", "Changes name, currency, country or time zone of the company.", whole::change).takes(Named("WorkspaceChange")).answers(Named("Workspace")),
        get("/api/v1/exchange_rates/known", "knownRates", "The exchange rates that count on a day, or those of one currency until a day, the latest first.", rates::list).query(rates::LIST).answers(Named("KnownRates")),
        get("/api/v1/exchange_rates/convert", "convertAmount", "What an amount is worth in another currency, by the last rates known for a day.", rates::convert).query(rates::CONVERT).answers(Named("Converted")),
        post("/api/v1/exchange_rates/import", "importRates", "Takes in exchange rates of the European Central Bank; the body is the file.", rates::import).slow().takes(Bytes).answers(Named("RatesImported")),
        get("/api/v1/events", "streamEvents", "Server-sent events of changes and jobs that the caller may see.", live::events).query(live::EVENTS).answers(EventStream),
        get("/api/v1/notifications", "listNotifications", "What one was told, newest first.", notifications::list).person().query(notifications::LIST).answers(Named("Notifications")),
        post("/api/v1/notifications/read", "markNotifications", "Marks notifications as read or unread; all when none are named.", notifications::mark).person().takes(Named("MarkRequest")).answers(Named("Unread")),
        get("/api/v1/search", "search", "Records of all objects by words, beginnings and fragments.", search::search).query(search::SEARCH).answers(Named("SearchResults")),
        get("/api/v1/activity", "listActivity", "What colleagues did, as far as the caller may see it, newest first; one entry for each batch.", activity::list).query(activity::LIST).answers(Named("Activity")),
        get("/api/v1/batches", "listBatches", "What was done lately, newest first.", batches::list).query(batches::LIST).answers(Named("Batches")),
        post("/api/v1/undo/{batch}", "undoBatch", "Undoes a batch; what others changed since is kept and named.", batches::undo).slow().answers(Named("Undone")),
        get("/api/v1/jobs", "listJobs", "One's own changes of many records, newest first.", jobs::list).person().answers(Named("Jobs")),
        get("/api/v1/jobs/{id}", "getJob", "How far background work is, and what it did so far.", jobs::get).answers(Named("Job")),
        post("/api/v1/jobs/{id}/cancel", "cancelJob", "Ends a change of many records; what it did stays one batch, which can be undone.", jobs::cancel).answers(Named("Job")),
        post("/api/v1/files", "uploadFile", "Stores the body as a file, to be named in a files field.", files::upload).query(files::UPLOAD).slow().takes(Bytes).answers(Named("File")).with(201),
    ]
}

/// Mail of the program itself.
#[rustfmt::skip]
fn outgoing_mail() -> Vec<Operation> {
    vec![
        get("/api/v1/mail", "showMail", "Where mails of the program go out; the password is never shown.", mail::show).answers(Named("MailSetUp")),
        put("/api/v1/mail", "changeMail", "Sets where mails of the program go out.", mail::change).takes(Named("MailChange")).answers(Named("MailSetUp")),
        delete("/api/v1/mail", "removeMail", "Sends no mail any more; what waits stays.", mail::remove).answers(Empty),
        post("/api/v1/mail/test", "testMail", "Sends a mail to oneself and says what the server answered.", mail::test).slow().answers(Named("MailTested")),
        get("/api/v1/mail/outgoing", "listMails", "Mails that were queued, newest first, and how many are in which state.", mail::list).query(mail::OUTGOING).answers(Named("OutgoingMails")),
        post("/api/v1/mail/outgoing/release", "releaseMails", "Sends or ends the mails that are held since the workspace was restored.", mail::release).takes(Named("MailRelease")).answers(Named("MailReleased")),
        post("/api/v1/mail/outgoing/{id}/retry", "retryMail", "Tries a mail again now.", mail::retry).answers(Named("OutgoingMail")),
        post("/api/v1/mail/outgoing/{id}/cancel", "cancelMail", "Ends a mail that has not gone out.", mail::cancel).answers(Named("OutgoingMail")),
        post("/api/v1/password_reset", "forgotPassword", "Sends a link for a new password, if there is such an account; the answer does not tell.", mail::forgot).public().takes(Named("ForgottenPassword")).answers(Empty),
    ]
}

/// Notifications on devices, by web push.
#[rustfmt::skip]
fn devices_of_users() -> Vec<Operation> {
    vec![
        get("/api/v1/push/devices", "listDevices", "One's own devices that are told while the application is closed, and the key that a browser needs to become one.", devices::list).person().own().answers(Named("Devices")),
        post("/api/v1/push/devices", "addDevice", "Lets oneself be told in this browser: what its push subscription says.", devices::add).person().takes(Named("NewDevice")).answers(Named("Device")).with(201),
        delete("/api/v1/push/devices/{id}", "removeDevice", "Tells one of one's own devices nothing more.", devices::remove).person().answers(Empty),
        post("/api/v1/push/devices/{id}/test", "testDevice", "Sends a notification to one of one's own devices and says what its push service answered.", devices::test).person().slow().answers(Named("DeviceTested")),
    ]
}

/// Imports, and the search for duplicates.
#[rustfmt::skip]
fn imports_and_duplicates() -> Vec<Operation> {
    vec![
        post("/api/v1/imports", "uploadImport", "Takes a file in and proposes what its columns are; the body is the file.", imports::upload).query(imports::UPLOAD).slow().takes(Bytes).answers(Named("Import")).with(201),
        get("/api/v1/imports", "listImports", "The newest imports.", imports::list).query(imports::LIST).answers(Named("Imports")),
        get("/api/v1/imports/{id}", "getImport", "One import: its mapping, its counts, how far it is.", imports::get).answers(Named("Import")),
        patch("/api/v1/imports/{id}", "changeImport", "Corrects the mapping and the options.", imports::change).takes(Named("ImportChange")).answers(Named("Import")),
        post("/api/v1/imports/{id}/check", "checkImport", "Starts the dry run.", imports::check).answers(Named("Import")),
        post("/api/v1/imports/{id}/start", "startImport", "Starts the import; its batch can be undone.", imports::start).answers(Named("Import")),
        post("/api/v1/imports/{id}/cancel", "cancelImport", "Stops the import; what is done stays.", imports::cancel).answers(Named("Import")),
        get("/api/v1/imports/{id}/rows", "listImportRows", "What became of each row, or will.", imports::rows).query(imports::ROWS).answers(Named("ImportRows")),
        get("/api/v1/imports/{id}/errors.csv", "getImportErrors", "The refused rows as a file, each with its reason.", imports::errors).own().answers(Csv),

        post("/api/v1/duplicates/scan", "scanDuplicates", "Searches all records of an object for duplicates, as a job.", duplicates::scan).takes(Named("ScanRequest")).answers(Named("Scanning")),
        post("/api/v1/duplicates/scan/cancel", "cancelDuplicateScan", "Ends a search for duplicates; what it found stays.", duplicates::cancel_scan).takes(Named("ScanRequest")).answers(Empty),
        get("/api/v1/duplicates", "listDuplicates", "Pairs that may be one, the surest first.", duplicates::list).query(duplicates::LIST).answers(Named("Pairs")),
        post("/api/v1/duplicates/{id}/dismiss", "dismissDuplicate", "Says that a pair is not one.", duplicates::dismiss).answers(Empty),
        post("/api/v1/duplicates/{id}/reopen", "reopenDuplicate", "Puts a dismissed pair back into the queue.", duplicates::reopen).answers(Empty),
    ]
}

/// The question before anything is sent, and what only administrators take back.
#[rustfmt::skip]
fn consents() -> Vec<Operation> {
    vec![
        get("/api/v1/consent/check", "checkConsent", "May this be sent to this address? The answer with its reasons.", consent::check).query(consent::CHECK).answers(Named("ConsentVerdict")),
        get("/api/v1/people/{id}/consent", "listConsent", "The same for every address of a person.", consent::of_person).query(consent::OF_PERSON).answers(Named("ConsentVerdicts")),
        post("/api/v1/suppressions/{id}/lift", "liftSuppression", "Lifts a suppression; for administrators, with a reason.", consent::lift).takes(Named("LiftRequest")).answers(Named("Lifted")),
    ]
}

/// How often people and companies want to hear from us.
#[rustfmt::skip]
fn customer_care() -> Vec<Operation> {
    vec![
        get("/api/v1/signals", "listSignals", "After how many days without contact people and companies want some.", signals::list).answers(Named("Signals")),
        put("/api/v1/signals/{name}", "changeSignals", "Sets these days for an object; its records follow in a job.", signals::change).takes(Named("Pace")).answers(Named("Undoable")),

        get("/api/v1/quality", "showQuality", "What is missing, outdated or to be corrected, as filters with their counts.", quality::board).person().answers(Named("QualityBoard")),
        get("/api/v1/people/{id}/relations", "mapPerson", "People and companies around a person, as a graph.", relations::map).query(relations::MAP).answers(Named("Relations")),
        get("/api/v1/companies/{id}/relations", "mapCompany", "People and companies around a company, as a graph.", relations::map).query(relations::MAP).answers(Named("Relations")),
        get("/api/v1/companies/{id}/health", "explainHealth", "How healthy a customer is, and why, as far as the caller may know the reasons.", customers::health).answers(Named("CustomerHealth")),
        get("/api/v1/health", "showHealth", "What the health of customers is made of.", customers::show).answers(Named("HealthParts")),
        put("/api/v1/health", "changeHealth", "Says what the health of customers is made of; all of them follow in a job.", customers::change).takes(Named("HealthSetting")).answers(Named("HealthParts")),
        get("/api/v1/companies/{id}/tree", "showTree", "The tree of companies that one belongs to, with sums.", relations::tree).answers(Named("CompanyTree")),
        put("/api/v1/quality", "changeQuality", "Says which fields should have values and when records are outdated.", quality::change).takes(Named("QualityChecks")).answers(Named("QualityChecks")),
        post("/api/v1/quality/preview", "previewFix", "What a correction of many records would change.", quality::preview).slow().takes(Named("QualityFix")).answers(Named("QualityPreview")),
        post("/api/v1/quality/fix", "applyFix", "Corrects many records in one batch, which can be undone.", quality::fix).slow().takes(Named("QualityFix")).answers(Named("QualityFixed")),
    ]
}

/// Where companies belong.
#[rustfmt::skip]
fn territories_of_companies() -> Vec<Operation> {
    vec![
        post("/api/v1/territories/preview", "previewTerritories", "Which companies changes of the tree of territories would move, by where from and where to.", territories::preview).harmless().slow().takes(Named("TerritoryChanges")).answers(Named("TerritoryMoves")),
        post("/api/v1/territories/explain", "explainTerritory", "Where a company goes, and what the rules on the way say.", territories::explain).harmless().takes(Named("TerritoryQuestion")).answers(Named("TerritoryReasons")),
    ]
}

/// Leads.
#[rustfmt::skip]
fn enquiries() -> Vec<Operation> {
    vec![
        post("/api/v1/leads/{id}/convert", "convertLead", "Makes a deal of a lead; undoing the batch takes both back.", leads::convert).takes(Named("LeadConversion")).answers(Named("LeadConverted")).with(201),
        get("/public/leads/{id}", "showCaptureForm", "What a page needs to show a form: its stamp, what it asks for, what may be agreed to.", capture::show).public().answers(Named("CaptureForm")),
        post("/public/leads/{id}", "captureLead", "Takes an enquiry of a public form, as JSON or as a form.", capture::receive).public().takes(Named("Enquiry")).answers(Named("EnquiryReceived")),
        get("/api/v1/capture/held", "listHeldEnquiries", "Enquiries that looked like a machine's, the newest first.", capture::list).answers(Named("HeldEnquiries")),
        post("/api/v1/capture/held/{id}", "releaseHeldEnquiry", "Makes a lead of a held enquiry; undoing the batch takes all that it made back.", capture::release).answers(Named("LeadReleased")),
        delete("/api/v1/capture/held/{id}", "discardHeldEnquiry", "Throws a held enquiry away.", capture::discard).answers(Empty),
    ]
}

/// Quotes that are made of something.
#[rustfmt::skip]
fn offers() -> Vec<Operation> {
    vec![
        post("/api/v1/deals/{id}/quote", "quoteDeal", "Makes a quote of a deal with its lines; undoing the batch takes both back.", quotes::of_deal).takes(Named("QuoteOfDeal")).answers(Named("QuoteMade")).with(201),
        post("/api/v1/quotes/{id}/version", "newQuoteVersion", "Makes the next version of a quote that was sent; the one before is replaced by it.", quotes::version).answers(Named("QuoteMade")).with(201),
    ]
}

/// Meetings as files, and the calendar that other programs subscribe to.
#[rustfmt::skip]
fn calendars_elsewhere() -> Vec<Operation> {
    vec![
        post("/api/v1/meetings/ics", "takeInCalendar", "Takes the events of an iCalendar file in as meetings; known ones are changed. The body is the file.", calendars::take_in).slow().takes(Bytes).answers(Named("CalendarTakenIn")),
        get("/api/v1/meetings/{id}/ics", "getMeetingFile", "One meeting as an iCalendar file.", calendars::file).own().query(calendars::FILE).answers(Calendar),
        get("/api/v1/meetings/occurrences", "listOccurrences", "The single times of meetings that repeat, within at most 366 days.", calendars::occurrences).query(calendars::OCCURRENCES).answers(Named("Occurrences")),
        post("/api/v1/meetings/{id}/occurrences", "moveOccurrence", "Moves one time of a meeting that repeats; the others stay.", calendars::move_one).takes(Named("OccurrenceMove")).answers(Named("OccurrenceMoved")),
        get("/api/v1/calendar_feed", "showCalendarFeed", "Whether other programs may read one's own calendar.", calendars::show).person().own().answers(Named("CalendarFeed")),
        post("/api/v1/calendar_feed", "makeCalendarFeed", "Makes a secret address of one's own calendar, shown this once; the one before stops working.", calendars::make).person().takes(Named("CalendarFeedRequest")).answers(Named("CalendarFeedMade")),
        delete("/api/v1/calendar_feed", "removeCalendarFeed", "Takes the address of one's own calendar back.", calendars::remove).person().answers(Empty),
        get("/feeds/calendar/{secret}", "readCalendarFeed", "The calendar of the person whom the secret stands for, read with that person's rights.", calendars::feed).public().answers(Calendar),
    ]
}

/// When people work and when they are busy.
#[rustfmt::skip]
fn working_time() -> Vec<Operation> {
    vec![
        get("/api/v1/free-busy", "listFreeBusy", "When users are busy and when they work; of meetings out of the caller's sight only the times.", hours::free_busy).query(hours::FREE_BUSY).answers(Named("FreeBusy")),
        post("/api/v1/work_calendars/{id}/holidays", "takeInHolidays", "Adds the whole days of an iCalendar file to the holidays of a calendar. The body is the file.", hours::take_in).slow().takes(Bytes).answers(Named("HolidaysTakenIn")),
    ]
}

/// Documents for people without an account.
#[rustfmt::skip]
fn shared_documents() -> Vec<Operation> {
    vec![
        get("/api/v1/documents/{id}/links", "listDocumentLinks", "The public links of a document, without their addresses.", links::list).person().answers(Named("DocumentLinks")),
        post("/api/v1/documents/{id}/links", "makeDocumentLink", "Makes a public link of the newest version of a document; its address is shown this once.", links::make).person().takes(Named("DocumentLinkRequest")).answers(Named("DocumentLinkMade")).with(201),
        delete("/api/v1/documents/{id}/links/{link}", "removeDocumentLink", "Takes a public link back.", links::remove).person().answers(Empty),
        get("/shared/{secret}", "showSharedDocument", "The page of a public link: what the file is and until when.", shared::show).public().answers(Page),
        post("/shared/{secret}", "openSharedDocument", "The file of a public link, as an attachment.", shared::open).public().slow().takes(Form).answers(File),
    ]
}

/// Objects, their fields, and expressions over them.
#[rustfmt::skip]
fn objects_and_fields() -> Vec<Operation> {
    vec![
        get("/api/v1/objects", "listObjects", "All objects with their fields.", metadata::list).answers(Named("Objects")),
        post("/api/v1/objects", "createObject", "Makes an object of one's own; its table, API, search and history are there at once.", metadata::create).takes(Named("ObjectDefinition")).answers(Named("ObjectDefinition")).with(201),
        get("/api/v1/objects/{name}", "getObject", "One object with its fields.", metadata::get).answers(Named("ObjectDefinition")),
        patch("/api/v1/objects/{name}", "changeObject", "Changes labels, icon, columns and the like.", metadata::change).takes(AnyObject).answers(Named("ObjectDefinition")),
        delete("/api/v1/objects/{name}", "removeObject", "Takes an object of one's own out of use; its records stay and undo brings it back.", metadata::remove).answers(Named("Undoable")),
        get("/api/v1/objects/{name}/uses", "listObjectUses", "What names an object: views, roles, fields of others.", metadata::uses).answers(Named("Uses")),
        get("/api/v1/objects/{name}/fields/{field}/uses", "listFieldUses", "What names a field: views, roles, formulas, conditions.", metadata::uses_of_field).answers(Named("Uses")),
        post("/api/v1/objects/{name}/fields", "createField", "Adds a field to an object.", metadata::create_field).takes(Named("FieldDefinition")).answers(Named("FieldDefinition")).with(201),
        patch("/api/v1/objects/{name}/fields/{field}", "changeField", "Changes label, help, options and the like; the kind stays.", metadata::change_field).takes(AnyObject).answers(Named("FieldDefinition")),
        delete("/api/v1/objects/{name}/fields/{field}", "hideField", "Takes a field out of use.", metadata::hide_field).answers(Named("Undoable")),
        post("/api/v1/expressions/check", "checkExpression", "Checks an expression; errors say where and what would be right.", metadata::check).harmless().takes(Named("CheckRequest")).answers(Named("Checked")),
    ]
}

/// Records: the same operations for every object.
#[rustfmt::skip]
fn records_of_objects() -> Vec<Operation> {
    vec![
        get("/api/v1/{plural}", "list", "A page of {plural}.", records::list).query(records::LIST).answers(PageOf),
        post("/api/v1/{plural}", "create", "Makes one of the {plural}.", records::create).takes(New).answers(Written).with(201),
        post("/api/v1/{plural}/bulk", "bulk", "Makes, changes, deletes or restores many {plural} in one batch.", bulk::bulk).slow().takes(BulkOf).answers(Named("BulkResult")),
        post("/api/v1/{plural}/bulk/job", "startBulk", "Changes or deletes as many {plural} as a filter finds, as a job and one batch.", bulk::start).takes(Named("BulkWork")).answers(Named("BulkStarted")).with(202),
        get("/api/v1/{plural}/aggregate", "aggregate", "Figures over {plural}, grouped.", records::aggregate).query(records::AGGREGATE).answers(Named("Groups")),
        get("/api/v1/{plural}/export", "export", "{plural} as a file: CSV, XLSX, vCard or JSON Lines.", exports::export).own().query(exports::EXPORT).slow().answers(Exported),
        post("/api/v1/{plural}/check", "check", "Which of the {plural} may be the same as these values.", duplicates::check).query(duplicates::CHECK).takes(AnyObject).answers(Named("PossibleDuplicates")),
        post("/api/v1/{plural}/merge", "merge", "Merges several of the {plural} into one; undoing the batch un-merges.", duplicates::merge).takes(Named("MergeRequest")).answers(Written),
        get("/api/v1/{plural}/{id}", "get", "One of the {plural}.", records::get).query(records::GET).answers(Record),
        patch("/api/v1/{plural}/{id}", "update", "Changes fields of one of the {plural}.", records::update).takes(Changes).answers(Written),
        delete("/api/v1/{plural}/{id}", "delete", "Puts one of the {plural} into the recycle bin.", records::delete).answers(Named("Done")),
        post("/api/v1/{plural}/{id}/restore", "restore", "Takes one of the {plural} out of the recycle bin.", records::restore).answers(Written),
        post("/api/v1/{plural}/{id}/reveal", "reveal", "Shows sensitive fields of one of the {plural}; the audit log tells of it.", records::reveal).takes(Named("RevealRequest")).answers(Named("Revealed")),
        get("/api/v1/{plural}/{id}/access", "explainAccess", "What a user may do with a record, and why.", users::access).query(users::ACCESS).answers(Named("Access")),
        get("/api/v1/{plural}/{id}/follow", "following", "Whether one follows a record, and who does.", notifications::following).person().answers(Named("Following")),
        put("/api/v1/{plural}/{id}/follow", "follow", "Follows a record: its comments and changes are told.", notifications::follow).person().answers(Named("Followed")),
        delete("/api/v1/{plural}/{id}/follow", "unfollow", "Follows a record no longer.", notifications::unfollow).person().answers(Named("Followed")),
        post("/api/v1/{plural}/{id}/presence", "sayPresence", "Says that a window shows a record, and which field is written; gives who else is there.", presence::say).person().takes(Named("PresenceSaid")).answers(Named("Presence")),
        get("/api/v1/{plural}/{id}/timeline", "timeline", "Everything about one of the {plural}, newest first.", records::timeline).query(records::TIMELINE).answers(Named("Timeline")),
        get("/api/v1/{plural}/{id}/history", "history", "Every change of one of the {plural}, newest first.", records::history).query(records::HISTORY).answers(Named("History")),
        get("/api/v1/{plural}/{id}/files/{field}/{sha256}", "file", "The bytes of a file of one of the {plural}.", files::download).query(files::DOWNLOAD).slow().answers(File),
    ]
}

/// The program itself.
#[rustfmt::skip]
fn program() -> Vec<Operation> {
    vec![
        get("/api/openapi.json", "openapi", "This document.", openapi::show).answers(AnyObject),
        get("/metrics", "metrics", "Figures of the program for Prometheus.", health::metrics).answers(Text),
        get("/healthz", "healthz", "Whether the program lives.", health::live).public().answers(Text),
        get("/readyz", "readyz", "Whether the database answers.", health::ready).public().answers(Text),
    ]
}

/// The whole application: the API, and the UI for everything else.
pub fn app(api: Api, ui: Router) -> Router {
    let mut router = Router::new();
    for operation in operations() {
        let gate = operation.gate;
        let guarded =
            operation.route.route_layer(from_fn(move |request: Request, next: Next| guard(gate, request, next)));
        router = router.route(operation.path, guarded);
    }
    // The recorder of metrics has to stand before the first request.
    observe::metrics_text();
    router
        .route("/public/leads/{id}", on(MethodFilter::OPTIONS, capture::preflight))
        .route("/api", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .layer(from_fn_with_state(api.clone(), authenticate))
        .method_not_allowed_fallback(wrong_method)
        .fallback_service(ui)
        .layer(compression())
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            axum::response::IntoResponse::into_response(Failure::internal(&anyhow::anyhow!("a route panicked")))
        }))
        .layer(from_fn_with_state(api.clone(), observe::observe))
        .with_state(api)
}

/// Text is compressed fast; what is packed already, small, or a stream of events is not.
fn compression() -> CompressionLayer<impl Predicate> {
    let worth_it = SizeAbove::new(1_024)
        .and(NotForContentType::new("image/"))
        .and(NotForContentType::new("font/"))
        .and(NotForContentType::new("application/octet-stream"))
        .and(NotForContentType::new("application/pdf"))
        .and(NotForContentType::new("application/zip"))
        .and(NotForContentType::new("application/vnd."))
        .and(NotForContentType::const_new("text/event-stream"));
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it)
}

async fn nothing(_: Request) -> Failure {
    not_found()
}

async fn wrong_method() -> Failure {
    Failure::new(
        Code::MethodNotAllowed,
        "This address does not know the method; the `Allow` header lists those it knows.",
    )
}

fn get<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: H,
) -> Operation {
    operation(Method::GET, path, id, summary, on(MethodFilter::GET, route))
}

fn post<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: H,
) -> Operation {
    operation(Method::POST, path, id, summary, on(MethodFilter::POST, route))
}

fn put<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: H,
) -> Operation {
    operation(Method::PUT, path, id, summary, on(MethodFilter::PUT, route))
}

fn patch<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: H,
) -> Operation {
    operation(Method::PATCH, path, id, summary, on(MethodFilter::PATCH, route))
}

fn delete<H: Handler<T, Api>, T: 'static>(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: H,
) -> Operation {
    operation(Method::DELETE, path, id, summary, on(MethodFilter::DELETE, route))
}

fn operation(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    route: MethodRouter<Api>,
) -> Operation {
    let viewing = method == Method::GET;
    let gate = Gate { access: Access::Caller, query: &[], viewing, seconds: SECONDS };
    Operation { method, path, id, summary, gate, body: Shape::None, answer: Shape::Empty, status: 200, route }
}

impl Operation {
    fn public(mut self) -> Self {
        self.gate.access = Access::Public;
        self
    }

    fn person(mut self) -> Self {
        self.gate.access = Access::Person;
        self
    }

    /// Not for who sees as somebody else.
    fn own(mut self) -> Self {
        self.gate.viewing = false;
        self
    }

    /// Also for who sees as somebody else: it changes nothing of theirs.
    fn harmless(mut self) -> Self {
        self.gate.viewing = true;
        self
    }

    fn slow(mut self) -> Self {
        self.gate.seconds = SLOW_SECONDS;
        self
    }

    fn query(mut self, names: &'static [&'static str]) -> Self {
        self.gate.query = names;
        self
    }

    fn takes(mut self, body: Shape) -> Self {
        self.body = body;
        self
    }

    fn answers(mut self, answer: Shape) -> Self {
        self.answer = answer;
        self
    }

    fn with(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
