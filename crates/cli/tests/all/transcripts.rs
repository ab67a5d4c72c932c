//! Commands with what they print: the documentation's, and those that need a standard input.

#[test]
fn what_the_documents_show_is_what_comes_out() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("PATH", crate::folder::git_alone().to_string_lossy())
        .case("../../docs/formats.md")
        .case("../../docs/sources.md")
        .case("tests/cmd/*.toml")
        .run();
}
