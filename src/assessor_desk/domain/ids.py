"""Identities, so that one kind can never stand in for another.

Ids made by a desk or a hub are UUID strings; ids of programs, micro-credentials, criteria and slots are the
short names that their files give them; a digest is the SHA-256 of a file's bytes as 64 hexadecimal digits.
"""

from typing import NewType

PersonId = NewType("PersonId", str)
DeviceId = NewType("DeviceId", str)
HubId = NewType("HubId", str)
OrganizationId = NewType("OrganizationId", str)

ProgramId = NewType("ProgramId", str)
MicroCredentialId = NewType("MicroCredentialId", str)
CriterionId = NewType("CriterionId", str)
GroupId = NewType("GroupId", str)
Slot = NewType("Slot", str)
CheckId = NewType("CheckId", str)
ConditionId = NewType("ConditionId", str)

PortfolioId = NewType("PortfolioId", str)
PortfolioCode = NewType("PortfolioCode", str)
RoundId = NewType("RoundId", str)
ArtifactId = NewType("ArtifactId", str)
Digest = NewType("Digest", str)

AssignmentId = NewType("AssignmentId", str)
AssessmentId = NewType("AssessmentId", str)
EditId = NewType("EditId", str)
EvidenceId = NewType("EvidenceId", str)
DecisionId = NewType("DecisionId", str)
SignOffId = NewType("SignOffId", str)
