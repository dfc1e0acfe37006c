CREATE TABLE act (
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  device TEXT,
  at VARCHAR(27) NOT NULL,
  sealed BOOLEAN NOT NULL,
  CONSTRAINT pk_act PRIMARY KEY (id)
);
CREATE INDEX ix_act_subject ON act (subject);
CREATE INDEX ix_act_waiting ON act (at) WHERE sealed = 0;
CREATE TABLE hub_meta (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT pk_hub_meta PRIMARY KEY (name)
);
CREATE TABLE ledger_head (
  number BIGINT NOT NULL,
  sealed_at VARCHAR(27) NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  CONSTRAINT pk_ledger_head PRIMARY KEY (number)
);
CREATE TABLE micro_credential (
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  program TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  added_at VARCHAR(27) NOT NULL,
  body BLOB NOT NULL,
  CONSTRAINT pk_micro_credential PRIMARY KEY (id, version)
);
CREATE INDEX ix_micro_credential_program ON micro_credential (program);
CREATE TABLE organization (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT pk_organization PRIMARY KEY (id),
  CONSTRAINT uq_organization_name UNIQUE (name)
);
CREATE TABLE stored_file (
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  stored_at VARCHAR(27) NOT NULL,
  CONSTRAINT pk_stored_file PRIMARY KEY (sha256)
);
CREATE TABLE ledger (
  number BIGINT NOT NULL,
  act TEXT NOT NULL,
  previous TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  CONSTRAINT pk_ledger PRIMARY KEY (number),
  CONSTRAINT uq_ledger_act UNIQUE (act),
  CONSTRAINT fk_ledger_act_act FOREIGN KEY(act) REFERENCES act (id)
);
CREATE TABLE person (
  id TEXT NOT NULL,
  handle TEXT NOT NULL,
  name TEXT NOT NULL,
  organization TEXT,
  sealing_key BLOB,
  escrow BLOB,
  active BOOLEAN NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT uq_person_handle UNIQUE (handle),
  CONSTRAINT fk_person_organization_organization FOREIGN KEY(organization) REFERENCES organization (id)
);
CREATE INDEX ix_person_organization ON person (organization);
CREATE TABLE portfolio (
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  external_id TEXT,
  program TEXT NOT NULL,
  micro_credential TEXT NOT NULL,
  version TEXT NOT NULL,
  rubric_sha256 TEXT NOT NULL,
  team_of INTEGER NOT NULL,
  team TEXT NOT NULL,
  organization TEXT,
  made_at VARCHAR(27) NOT NULL,
  CONSTRAINT pk_portfolio PRIMARY KEY (id),
  CONSTRAINT uq_portfolio_code UNIQUE (code),
  CONSTRAINT uq_portfolio_external_id UNIQUE (external_id),
  CONSTRAINT fk_portfolio_organization_organization FOREIGN KEY(organization) REFERENCES organization (id)
);
CREATE INDEX ix_portfolio_organization ON portfolio (organization);
CREATE INDEX ix_portfolio_program ON portfolio (program);
CREATE TABLE device (
  id TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  key_id TEXT NOT NULL,
  valid_from VARCHAR(27) NOT NULL,
  valid_until VARCHAR(27) NOT NULL,
  revoked_at VARCHAR(27),
  entry BLOB NOT NULL,
  CONSTRAINT pk_device PRIMARY KEY (id),
  CONSTRAINT fk_device_person_person FOREIGN KEY(person) REFERENCES person (id),
  CONSTRAINT uq_device_public_key UNIQUE (public_key),
  CONSTRAINT uq_device_key_id UNIQUE (key_id)
);
CREATE INDEX ix_device_person ON device (person);
CREATE TABLE feed (
  person TEXT NOT NULL,
  kind TEXT NOT NULL,
  record TEXT NOT NULL,
  xid BIGINT NOT NULL,
  number BIGINT NOT NULL,
  from_device TEXT,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  CONSTRAINT pk_feed PRIMARY KEY (person, kind, record),
  CONSTRAINT fk_feed_person_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_feed_person_xid_number ON feed (person, xid, number);
CREATE TABLE participant (
  id TEXT NOT NULL,
  portfolio TEXT NOT NULL,
  name TEXT NOT NULL,
  external_id TEXT,
  CONSTRAINT pk_participant PRIMARY KEY (id),
  CONSTRAINT fk_participant_portfolio_portfolio FOREIGN KEY(portfolio) REFERENCES portfolio (id)
);
CREATE INDEX ix_participant_portfolio ON participant (portfolio);
CREATE TABLE person_role (
  person TEXT NOT NULL,
  program TEXT NOT NULL,
  role TEXT NOT NULL,
  CONSTRAINT pk_person_role PRIMARY KEY (person, program, role),
  CONSTRAINT fk_person_role_person_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE TABLE round (
  id TEXT NOT NULL,
  portfolio TEXT NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  received_at VARCHAR(27) NOT NULL,
  released_at VARCHAR(27),
  context_note TEXT NOT NULL,
  consent TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  draw INTEGER NOT NULL,
  body BLOB NOT NULL,
  CONSTRAINT pk_round PRIMARY KEY (id),
  CONSTRAINT uq_round_portfolio_number UNIQUE (portfolio, number),
  CONSTRAINT fk_round_portfolio_portfolio FOREIGN KEY(portfolio) REFERENCES portfolio (id)
);
CREATE INDEX ix_round_content_sha256 ON round (content_sha256);
CREATE INDEX ix_round_portfolio ON round (portfolio);
CREATE INDEX ix_round_state ON round (state);
CREATE TABLE artifact (
  id TEXT NOT NULL,
  round TEXT NOT NULL,
  slot TEXT NOT NULL,
  original_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  findings BLOB NOT NULL,
  CONSTRAINT pk_artifact PRIMARY KEY (id),
  CONSTRAINT fk_artifact_round_round FOREIGN KEY(round) REFERENCES round (id),
  CONSTRAINT fk_artifact_sha256_stored_file FOREIGN KEY(sha256) REFERENCES stored_file (sha256)
);
CREATE INDEX ix_artifact_round ON artifact (round);
CREATE INDEX ix_artifact_sha256 ON artifact (sha256);
CREATE TABLE assignment (
  id TEXT NOT NULL,
  round TEXT NOT NULL,
  person TEXT NOT NULL,
  part TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at VARCHAR(27) NOT NULL,
  handed_at VARCHAR(27) NOT NULL,
  reason TEXT NOT NULL,
  stepped_back BOOLEAN NOT NULL,
  CONSTRAINT pk_assignment PRIMARY KEY (id),
  CONSTRAINT fk_assignment_round_round FOREIGN KEY(round) REFERENCES round (id),
  CONSTRAINT fk_assignment_person_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_assignment_person ON assignment (person);
CREATE INDEX ix_assignment_person_state ON assignment (person, state);
CREATE INDEX ix_assignment_round ON assignment (round);
CREATE TABLE deed (
  "key" TEXT NOT NULL,
  device TEXT NOT NULL,
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  received_at VARCHAR(27) NOT NULL,
  receipt BLOB NOT NULL,
  CONSTRAINT pk_deed PRIMARY KEY ("key"),
  CONSTRAINT fk_deed_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_deed_device ON deed (device);
CREATE TABLE invitation (
  selector TEXT NOT NULL,
  person TEXT NOT NULL,
  code_mac BLOB NOT NULL,
  made_at VARCHAR(27) NOT NULL,
  expires_at VARCHAR(27) NOT NULL,
  tries INTEGER NOT NULL,
  spent_at VARCHAR(27),
  device TEXT,
  CONSTRAINT pk_invitation PRIMARY KEY (selector),
  CONSTRAINT fk_invitation_person_person FOREIGN KEY(person) REFERENCES person (id),
  CONSTRAINT fk_invitation_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_invitation_device ON invitation (device);
CREATE INDEX ix_invitation_person ON invitation (person);
CREATE TABLE token (
  sha256 TEXT NOT NULL,
  device TEXT NOT NULL,
  made_at VARCHAR(27) NOT NULL,
  ended_at VARCHAR(27),
  CONSTRAINT pk_token PRIMARY KEY (sha256),
  CONSTRAINT fk_token_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_token_device ON token (device);
CREATE TABLE decision (
  id TEXT NOT NULL,
  assignment TEXT NOT NULL,
  round TEXT NOT NULL,
  device TEXT NOT NULL,
  outcome TEXT NOT NULL,
  state TEXT NOT NULL,
  received_at VARCHAR(27) NOT NULL,
  opened_at VARCHAR(27),
  supersedes TEXT,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  CONSTRAINT pk_decision PRIMARY KEY (id),
  CONSTRAINT fk_decision_assignment_assignment FOREIGN KEY(assignment) REFERENCES assignment (id),
  CONSTRAINT fk_decision_round_round FOREIGN KEY(round) REFERENCES round (id),
  CONSTRAINT fk_decision_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_decision_assignment ON decision (assignment);
CREATE INDEX ix_decision_device ON decision (device);
CREATE INDEX ix_decision_round ON decision (round);
CREATE TABLE sealed_edit (
  id TEXT NOT NULL,
  assignment TEXT NOT NULL,
  device TEXT NOT NULL,
  received_at VARCHAR(27) NOT NULL,
  body BLOB NOT NULL,
  CONSTRAINT pk_sealed_edit PRIMARY KEY (id),
  CONSTRAINT fk_sealed_edit_assignment_assignment FOREIGN KEY(assignment) REFERENCES assignment (id),
  CONSTRAINT fk_sealed_edit_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_sealed_edit_assignment ON sealed_edit (assignment);
CREATE INDEX ix_sealed_edit_device ON sealed_edit (device);
CREATE TABLE decision_part (
  decision TEXT NOT NULL,
  name TEXT NOT NULL,
  salt BLOB NOT NULL,
  body BLOB,
  CONSTRAINT pk_decision_part PRIMARY KEY (decision, name),
  CONSTRAINT fk_decision_part_decision_decision FOREIGN KEY(decision) REFERENCES decision (id)
);
CREATE TABLE sign_off (
  id TEXT NOT NULL,
  decision TEXT NOT NULL,
  device TEXT NOT NULL,
  verdict TEXT NOT NULL,
  received_at VARCHAR(27) NOT NULL,
  withdrawn_at VARCHAR(27),
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  CONSTRAINT pk_sign_off PRIMARY KEY (id),
  CONSTRAINT fk_sign_off_decision_decision FOREIGN KEY(decision) REFERENCES decision (id),
  CONSTRAINT fk_sign_off_device_device FOREIGN KEY(device) REFERENCES device (id)
);
CREATE INDEX ix_sign_off_decision ON sign_off (decision);
CREATE INDEX ix_sign_off_device ON sign_off (device);
