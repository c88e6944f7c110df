FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
# The runtime dependencies at the versions and hashes of the lock, without the extras for one's own machine.
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
COPY pyproject.toml requirements.lock ./
RUN uv pip install --system --no-cache --requirements pyproject.toml --constraints requirements.lock
COPY --from=assets /app/node_modules node_modules
COPY . .
RUN SECRET_KEY=only-for-the-build python manage.py collectstatic --no-input \
    && useradd --system app && mkdir --parents /data/media && chown app /data/media
USER app
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "leadmgmt.wsgi:application"]
