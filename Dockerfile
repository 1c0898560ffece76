# One image for web, worker, beat and the migration before them.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --home-dir /app portal
WORKDIR /app

COPY requirements/prod.txt requirements/
RUN pip install --require-hashes --no-deps --only-binary :all: -r requirements/prod.txt

COPY . .
# Needs no secret: neither touches a session, a link or the database.
RUN export SECRET_KEY=unused \
    && python manage.py compile_translations \
    && python manage.py collectstatic --noinput --verbosity 0

USER portal
EXPOSE 8000
CMD ["gunicorn", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", \
     "--preload", "--no-control-socket", "--worker-tmp-dir=/dev/shm", "portal.wsgi"]
