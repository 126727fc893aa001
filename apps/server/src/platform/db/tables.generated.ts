/** Made from the migrated schema by `npm run generate`: what the compiler knows of the tables. */
import type { ColumnType, Generated } from 'kysely'

/** Read as what it holds, written as JSON text. */
type Json = ColumnType<unknown, string, string>
type GeneratedJson = ColumnType<unknown, string | undefined, string>

export interface Tables {
  api_keys: {
    user_id: string
    api_key_id: string
    name: string
    scopes: string[]
    prefix: string
    key_hash: Buffer
    created_at: Generated<Date>
    expires_at: Date | null
    last_used_at: Date | null
    revoked_at: Date | null
  }
  archive_reads: {
    user_id: string
    archive: string
    as_of: Date
    import_id: string
  }
  audit_log: {
    audit_id: string
    at: Generated<Date>
    user_id: string | null
    actor: string
    action: string
    target: string | null
    outcome: string
    fields: string[] | null
    address: string | null
    request_id: string | null
  }
  batches: {
    user_id: string
    device_id: string
    batch_id: string
    metric: string
    t0: Date
    received: number
    accepted: number
    duplicates: number
    changed: number
    suppressed: number
    rejected: number
    quality: number | null
    flags: Generated<number>
    metadata: Json | null
    created_at: Generated<Date>
  }
  chunk: {
    user_id: string
    series_id: number
    day: string
    n: number
    t_last: Date
    v_min: number
    v_max: number
    v_sum: number
    data: Buffer
  }
  connect_sessions: {
    user_id: string
    connect_session_id: string
    token_hash: Buffer
    providers: string[] | null
    theme: string
    language: string | null
    return_to: string | null
    allowed_origins: Generated<string[]>
    created_at: Generated<Date>
    expires_at: Date
  }
  connection_secrets: {
    user_id: string
    connection_id: string
    name: string
    sealed: string
    updated_at: Generated<Date>
  }
  connections: {
    user_id: string
    connection_id: string
    provider: string
    provider_account: Generated<string>
    status: Generated<string>
    created_at: Generated<Date>
    updated_at: Generated<Date>
    short_id: string
    provider_profile: GeneratedJson
    auth_kind: string | null
    granted_scopes: Generated<string[]>
    paused_at: Date | null
    error_code: string | null
    error_message: string | null
    token_expires_at: Date | null
    last_sync_at: Date | null
    last_success_at: Date | null
    connected_at: Date | null
    is_demo: Generated<boolean>
    region: string | null
    token_version: Generated<number>
    refresh_lease: string | null
    refresh_until: Date | null
    renew_idle_at: Date | null
    refused_at: Date | null
  }
  csv_mappings: {
    user_id: string
    mapping_id: string
    header_hash: Buffer
    mapping: Json
    created_at: Generated<Date>
  }
  custom_apis: {
    user_id: string
    custom_api_id: string
    connection_id: string
    definition: Json
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  data_keys: {
    user_id: string
    data_key_id: string
    wrapped: string
    created_at: Generated<Date>
  }
  day_marks: {
    user_id: string
    mark_id: Generated<number>
    source_id: string | null
    metric: string | null
    from_on: string | null
    to_on: string | null
    created_at: Generated<Date>
  }
  demos: {
    user_id: string
    status: Generated<string>
    until_at: Date
    time_zone: string
    steps_done: Generated<number>
    samples: Generated<number>
    sessions: Generated<number>
    series_ids: Generated<number[]>
    created_at: Generated<Date>
    leased_until: Date | null
    leased_by: string | null
  }
  device_health: {
    user_id: string
    device_id: string
    at: Date
    report_id: string
    battery_level: number | null
    signal_strength: string | null
    temperature: number | null
    firmware_version: string | null
    errors: Generated<string[]>
    warnings: Generated<string[]>
    created_at: Generated<Date>
  }
  device_tokens: {
    user_id: string
    device_id: string
    token_hash: Buffer
    created_at: Generated<Date>
  }
  devices: {
    user_id: string
    device_id: string
    connection_id: string | null
    device_type: string
    device_name: string
    manufacturer: string | null
    model: string | null
    serial_number: string | null
    firmware_version: string | null
    capabilities: Generated<string[]>
    integration_type: string
    auto_sync: Generated<boolean>
    sync_interval_minutes: number
    sync_historical_days: Generated<number>
    status: Generated<string>
    sync_status: Generated<string>
    last_seen_at: Date | null
    last_sync_at: Date | null
    cadence_seconds: number | null
    battery_level: number | null
    signal_strength: string | null
    temperature: number | null
    errors: GeneratedJson
    warnings: GeneratedJson
    created_at: Generated<Date>
    updated_at: Generated<Date>
    is_demo: Generated<boolean>
    platform_key: string | null
    told_only: Generated<boolean>
  }
  dirty: {
    user_id: string
    series_id: number
    day: string
    since: Date
    resolved_seq: Generated<number>
  }
  events: {
    user_id: string
    source_id: string
    metric: string
    start_at: Date
    external_id: Generated<string>
    event_id: string
    end_at: Date | null
    value: Json
    unit: string | null
    quality: Generated<number>
    utc_offset_minutes: number | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  export_parts: {
    user_id: string
    export_id: string
    part: number
    data: Buffer
  }
  exports: {
    user_id: string
    export_id: string
    format: string
    from_at: Date | null
    to_at: Date | null
    metrics: string[] | null
    status: Generated<string>
    progress: Generated<number>
    bytes: Generated<number>
    samples: Generated<number>
    sessions: Generated<number>
    file_name: string
    content_hash: Buffer | null
    reason: string | null
    created_at: Generated<Date>
    finished_at: Date | null
    expires_at: Date | null
    attempts: Generated<number>
    leased_until: Date | null
    leased_by: string | null
  }
  feeds: {
    user_id: string
    connection_id: string
    feed: string
    read_until: Date | null
    history_from: Date | null
    last_success_at: Date | null
    error_code: string | null
    error_message: string | null
  }
  file_parts: {
    user_id: string
    file_id: string
    part: number
    data: Buffer
  }
  files: {
    user_id: string
    file_id: string
    content_hash: Buffer
    bytes: number
    created_at: Generated<Date>
  }
  flush_mark: {
    slot: string
    flush: number
    at: Date
  }
  hook_notices: {
    user_id: string
    connection_id: string
    notice_hash: Buffer
    provider: string
    received_at: Generated<Date>
    kind: string
    feed: string | null
    notice: GeneratedJson
    sealed: Buffer | null
    taken_until: Date | null
    done_at: Date | null
    attempts: Generated<number>
    error_message: string | null
  }
  hook_secrets: {
    provider: string
    secret: string | null
    kept: GeneratedJson
    created_at: Generated<Date>
    sealed_secret: string | null
    sealed_kept: string | null
  }
  idempotency_keys: {
    user_id: string
    key: string
    fingerprint: Buffer
    status: number | null
    answer: string | null
    created_at: Generated<Date>
  }
  identities: {
    user_id: string
    kind: string
    secret_hash: string
    changed_at: Generated<Date>
  }
  import_files: {
    user_id: string
    import_id: string
    position: number
    file_id: string
    name: string
    source_id: string | null
    format: string | null
    status: Generated<string>
    bytes: number
    bytes_read: Generated<number>
    records: Generated<number>
    samples: Generated<number>
    changed: Generated<number>
    duplicates: Generated<number>
    sessions: Generated<number>
    session_ids: Generated<string[]>
    rejected: Generated<number>
    rejections: GeneratedJson
    warnings: GeneratedJson
    reason: string | null
    parent: number | null
    entry: number | null
    depth: Generated<number>
    deleted: Generated<number>
    header_hash: Buffer | null
  }
  import_sources: {
    user_id: string
    import_id: string
    position: number
    source_id: string
    from_at: Date
    to_at: Date
  }
  import_steps: {
    user_id: string
    import_id: string
    position: number
    step: number
    accepted: Generated<number>
    changed: Generated<number>
    duplicates: Generated<number>
    rejected: Generated<number>
    rejections: GeneratedJson
    suppressed: Generated<number>
    sessions: Generated<number>
    session_ids: Generated<string[]>
  }
  imports: {
    user_id: string
    import_id: string
    status: Generated<string>
    bytes_total: Generated<number>
    created_at: Generated<Date>
    started_at: Date | null
    finished_at: Date | null
    leased_until: Date | null
    leased_by: string | null
    deaths: Generated<number>
    files_total: Generated<number>
    files_ended: GeneratedJson
    bytes_done: Generated<number>
    records: Generated<number>
    samples: Generated<number>
    sessions: Generated<number>
    duplicates: Generated<number>
    rejected: Generated<number>
    deleted: Generated<number>
    resumed_at: Date | null
    resumed_bytes: Generated<number>
  }
  installation: {
    name: string
    value: string
  }
  invites: {
    user_id: string
    invite_id: string
    code_hash: Buffer
    role: string
    note: string | null
    created_at: Generated<Date>
    expires_at: Date
    used_at: Date | null
    used_by: string | null
  }
  latest: {
    user_id: string
    series_id: number
    last_seq: number
    ts: Date | null
    before_ts: Date | null
    value: number | null
    duration_ms: Generated<number>
    quality: Generated<number>
    utc_offset_minutes: number | null
    open_day: string | null
    open_segments: Generated<number>
    open_span_ms: Generated<number>
  }
  migrations: {
    name: string
    checksum: string
    applied_at: Generated<Date>
  }
  oauth_states: {
    user_id: string
    state_hash: Buffer
    provider: string
    region: string | null
    redirect_uri: string
    return_to: string | null
    scopes: string[]
    asked_by: string
    browser_hash: Buffer
    sealed_verifier: string
    created_at: Generated<Date>
    expires_at: Date
    used_at: Date | null
    confirm_hash: Buffer | null
    confirm_reason: string | null
    sealed_answer: string | null
    auth_kind: Generated<string>
  }
  phone_cursors: {
    user_id: string
    connection_id: string
    type: string
    cursor: Json
    updated_at: Generated<Date>
  }
  phone_records: {
    user_id: string
    connection_id: string
    id_hash: Buffer
    version: Generated<number>
    source_id: string | null
    type: string | null
    at: Date | null
  }
  planned_sessions: {
    user_id: string
    planned_session_id: string
    activity: string | null
    title: string
    description: string | null
    scheduled_on: string
    start_at: Date | null
    duration: number | null
    distance: number | null
    skipped_at: Date | null
    session_id: string | null
    matched_by: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
    source_id: string | null
    external_id: string | null
    edits: Json | null
    told_at: Date | null
  }
  provider_apps: {
    provider: string
    client_id: string | null
    sealed_secret: string | null
    extra: GeneratedJson
    sealed_extra: string | null
    updated_at: Generated<Date>
  }
  providers: {
    provider: string
    name: string
  }
  quarantine: {
    user_id: string
    record_id: string
    import_id: string | null
    position: number | null
    file_name: string | null
    format: string
    kind: string
    source_id: string | null
    source: Json | null
    place: number
    code: string
    detail: string
    raw: string
    created_at: Generated<Date>
    connection_id: string | null
    feed: string | null
  }
  raw_payloads: {
    user_id: string
    payload_id: string
    connection_id: string | null
    sync_id: string | null
    provider: string
    feed: string
    fetched_at: Date
    records: number
    bytes: number
    sealed: Buffer
  }
  record_ref: {
    user_id: string
    source_id: string
    id_hash: Buffer
    series_id: number
    t0: Date
    version: Generated<number>
  }
  refresh_tokens: {
    user_id: string
    token_hash: Buffer
    sign_in_id: string
    created_at: Generated<Date>
    expires_at: Date
    used_at: Date | null
  }
  segment: {
    user_id: string
    series_id: number
    t0: Date
    seq: number
    t1: Date
    n: number
    data: Buffer
  }
  series: {
    user_id: string
    series_id: Generated<number>
    source_id: string
    metric: string
    created_at: Generated<Date>
  }
  session_parts: {
    user_id: string
    session_id: string
    kind: string
    start_at: Date
    position: Generated<number>
    end_at: Date
    label: string | null
    intensity: string | null
    quality: Generated<number>
    totals: GeneratedJson
  }
  session_streams: {
    user_id: string
    session_id: string
    stream: string
    n: number
    data: Buffer
  }
  sessions: {
    user_id: string
    session_id: string
    source_id: string
    external_id: string
    type: string
    activity: string | null
    title: string | null
    start_at: Date
    end_at: Date
    utc_offset_minutes: number | null
    totals: GeneratedJson
    derived: Generated<string[]>
    activity_data: GeneratedJson
    file_id: string | null
    import_id: string | null
    file_name: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
    is_nap: Generated<boolean>
    format: string | null
    superseded_by: string | null
    deleted_at: Date | null
    notes: string | null
    edits: Json | null
    content_hash: Buffer | null
  }
  sign_in_attempts: {
    user_id: Generated<string>
    bucket: Buffer
    failures: number
    last_at: Date
    blocked_until: Date | null
  }
  sign_ins: {
    user_id: string
    sign_in_id: string
    kind: string
    cookie_hash: Buffer | null
    address: string | null
    user_agent: string | null
    created_at: Generated<Date>
    last_used_at: Generated<Date>
    expires_at: Date
    ended_at: Date | null
    ended_reason: string | null
  }
  source_day_values: {
    user_id: string
    metric: string
    day_on: string
    source_id: string
    basis: string
    value: number
    n: number
    v_min: number | null
    v_max: number | null
    v_avg: number | null
    v_sum: number | null
    v_last: number | null
    last_at: Date | null
    coverage: number | null
    quality: number | null
    start_at: Date | null
    end_at: Date | null
    v_first: number | null
  }
  source_days: {
    user_id: string
    source_id: string
    metric: string
    day_on: string
    value: number
    unit: string | null
    quality: Generated<number>
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  source_writers: {
    user_id: string
    source_id: string
    connection_id: string
  }
  sources: {
    user_id: string
    source_id: string
    kind: string
    device_id: string | null
    name: string
    created_at: Generated<Date>
    archive: string | null
    external_key: string | null
    is_demo: Generated<boolean>
    connection_id: string | null
  }
  suppressions: {
    user_id: string
    suppression_id: string
    source_id: string | null
    metric: string | null
    external_id: string | null
    title: string | null
    start_at: Date | null
    end_at: Date | null
    suppressed: Generated<number>
    created_at: Generated<Date>
    changed_at: Generated<Date>
    lifted_at: Date | null
    delete_again_at: Date | null
  }
  sync_runs: {
    user_id: string
    sync_id: string
    device_id: string | null
    provider: string | null
    trigger: string
    status: string
    started_at: Generated<Date>
    ended_at: Date | null
    window_from: Date | null
    window_to: Date | null
    records_fetched: Generated<number>
    records_inserted: Generated<number>
    records_updated: Generated<number>
    records_skipped: Generated<number>
    records_failed: Generated<number>
    error_code: string | null
    error_message: string | null
    error_details: Json | null
    connection_id: string | null
    feeds: GeneratedJson
    lease_until: Date | null
    worker: string | null
  }
  tracks: {
    user_id: string
    track_id: string
    source_id: string
    session_id: string | null
    start_at: Date
    end_at: Date
    n: number
    data: Buffer
  }
  uploads: {
    user_id: string
    upload_id: string
    name: string
    bytes: number
    received: Generated<number>
    import_id: string | null
    created_at: Generated<Date>
  }
  users: {
    user_id: string
    email: string
    display_name: string | null
    role: string
    time_zone: Generated<string>
    locale: Generated<string>
    units: Generated<string>
    birth_on: string | null
    sex: string | null
    body_height: number | null
    external_id: string | null
    disabled_at: Date | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  view_logins: {
    login: string
    reads: string | null
    created_at: Generated<Date>
  }
}
