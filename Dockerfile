# docker build -t aipplint . && docker run --rm -v "$PWD:/work" aipplint check
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY aipplint aipplint
COPY docs docs
COPY grammar grammar
COPY schemas schemas
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.12-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels aipplint
WORKDIR /work
ENTRYPOINT ["aipplint"]
