//! Parses the files named on the command line and says what they held: for counting instructions,
//! as in `valgrind --tool=callgrind target/release/examples/parse FILE...`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    let (mut bytes, mut documents, mut fast, mut nodes) = (0, 0, 0, 0);
    for file in std::env::args().skip(1) {
        let content = std::fs::read(file)?;
        bytes += content.len();
        let text = plimsoll_yaml::decode(content).map_err(std::io::Error::other)?;
        for chunk in plimsoll_yaml::split(&text) {
            documents += 1;
            if let Ok(tree) = plimsoll_yaml::parse(&text, &chunk) {
                nodes += tree.len();
                fast += usize::from(tree.fast());
            }
        }
    }
    let said =
        format!("{bytes} bytes, {documents} documents, {fast} of them fast, {nodes} nodes\n");
    std::io::stdout().write_all(said.as_bytes())
}
