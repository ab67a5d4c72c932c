//! A Dockerfile whose result runs without root, without a shell and without build tools (appendix A).

use plimsoll_guide::{APX_A, POD_01};

use crate::{Generator, Parameter, Request, RequestError};

pub(crate) static DOCKERFILE: Generator = Generator {
    id: "dockerfile",
    also: &["docker"],
    title: "Dockerfile for a program that runs as an ordinary user",
    takes: &[Parameter::Image, Parameter::Name],
    serves: &[&APX_A, &POD_01],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let name = request.name();
    let image = match &request.image {
        Some(image) => format!("ARG BUILD_IMAGE={image}\n"),
        None => UNNAMED.to_owned(),
    };
    Ok(format!(
        r#"# The guide's sample starts from a floating tag, ships its build tools and gives its user no number.
# Here one stage builds and another one runs, and nothing of the first is left in the second.

# Where the build tools come from. A tag can be moved by whoever can push to the registry; a digest cannot. Look it up
# once, and let a robot propose newer ones:
#   docker buildx imagetools inspect registry.example.com/build:1.0
{image}
FROM ${{BUILD_IMAGE}} AS build
WORKDIR /src
# What `make` leaves in /out is all that gets into the result. Link statically: there is no libc below.
COPY . .
RUN make DESTDIR=/out install

# Programs that look up their own name find it here. Nobody can log in, and the group has a number of its own.
RUN mkdir -p /out/etc /out/tmp \
 && printf '{name}:x:10001:10001::/nonexistent:/sbin/nologin\n' > /out/etc/passwd \
 && printf '{name}:x:10001:\n' > /out/etc/group \
 && chmod -R go-w /out

# Nothing at all: no shell, no package manager, nothing to look for holes in. A program that needs certificates, time
# zones or a libc takes a distroless image instead, named by its digest.
FROM scratch
# Files belong to root, and the program runs as somebody else: it cannot change itself.
COPY --from=build --chown=0:0 /out/ /

# By number: the kubelet cannot tell from a name whether runAsNonRoot is met, and refuses to start the container.
# Above 10000, because low numbers belong to accounts of the node. This must agree with runAsUser in the pod
# (`plimsoll generate deployment` uses the same).
USER 10001:10001

# Above 1023: a port below would need a capability.
EXPOSE 8080

# In this form the program is process 1 and gets SIGTERM itself; the other form would need a shell.
ENTRYPOINT ["/usr/local/bin/{name}"]
"#
    ))
}

/// Without a default the build stops and asks, instead of taking what is newest.
const UNNAMED: &str = "\
#   docker build --build-arg BUILD_IMAGE=registry.example.com/build:1.0@sha256:… .
# There is no default on purpose: a build that names no image stops. Write your own behind a =.
ARG BUILD_IMAGE
";
