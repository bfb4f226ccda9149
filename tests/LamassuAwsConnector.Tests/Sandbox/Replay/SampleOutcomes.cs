namespace LamassuAwsConnector.Tests.Sandbox.Replay;

/// <summary>How a sample event ends.</summary>
/// <param name="Kind">Of a dead letter.</param>
/// <param name="Writes">The operations by which AWS is changed, in their order; null: not said.</param>
internal sealed record SampleOutcome(string File, string Outcome, string? Kind = null, string? Writes = "");

/// <summary>
/// What becomes of each sample as the architecture has it. The state that a sample finds is that of the sandbox's replay: for the story what its earlier messages
/// tell; for a variant the story's CAs alone, for one of a CA nothing. A variant of a device or a certificate so finds less than it was made for; see <see cref="Later"/>.
/// </summary>
internal static class SampleOutcomes
{
    public static IReadOnlyList<SampleOutcome> All { get; } =
    [
        new("01-ca.create.registration-requested-primary.json", "handled", Writes: "RegisterCACertificate"),
        new("02-ca.metadata.update.registration-succeeded.own-source.json", "ignored"),
        new("03-dms.create.auto.json", "handled", Writes: "CreatePolicy CreateThingGroup CreateThingGroup"),
        new("04-device.create.json", "ignored"),
        new("05-ca.sign.certificate.enrol.json", "ignored"),
        new("06-certificate.metadata.update.attached.json", "ignored"),
        new("07-device.status.update.json", "ignored"),
        new("08-device.identity.update.json", "ignored"),

        // What the DMS's own event has made already is not made again.
        new("09-dms.bind-device-id.first.json", "handled", Writes: "RegisterThing"),
        new("10-dms.enroll.json", "ignored"),
        new("11-certificate.metadata.update.aws-arn.own-source.json", "ignored"),
        new("12-device.metadata.update.registered.own-source.json", "ignored"),
        new("13-device.metadata.update.actions-requested.json", "handled", Writes: "UpdateThingShadow"),
        new("14-dms.update.policies-changed.json", "handled", Writes: "CreatePolicyVersion CreatePolicy AttachPolicy"),
        new("15-dms.update.managed-cas-added.json", "handled", Writes: "UpdateThingShadow"),
        new("16-certificate.status.update.hold.json", "handled", Writes: "UpdateCertificate DeleteConnection"),

        new("17-certificate.status.update.unhold.json", "handled", Writes: "UpdateCertificate"),
        new("18-certificate.metadata.update.preventive-flip.json", "handled", Writes: "UpdateThingShadow"),
        new("19-device.identity.update.renewal-pending.json", "ignored"),
        new("20-certificate.metadata.update.detached.json", "ignored"),

        // No disconnect: a newer certificate has replaced it, and the connection may be that one's.
        new("21-certificate.status.update.revoked-superseded.json", "handled", Writes: "UpdateCertificate"),
        new("22-dms.bind-device-id.renewal.json", "handled", Writes: "RegisterThing DetachThingPrincipal"),
        new("23-certificate.status.update.revoked-key-compromise.json", "handled", Writes: "UpdateCertificate DeleteConnection"),

        new("v-audit.ca.create.json", "ignored"),
        new("v-ca.create.metadata-null.json", "ignored"),
        new("v-ca.create.no-metadata-key.json", "ignored"),
        new("v-ca.create.other-connector.json", "ignored"),
        new("v-ca.create.registration-requested-non-primary.json", "handled", Writes: "RegisterCACertificate"),
        new("v-ca.import.as-published.json", "ignored"),
        new("v-ca.import.registration-requested.json", "handled", Writes: "RegisterCACertificate"),
        new("v-ca.import.subject-empty-id.json", "ignored"),

        // Missing members are tolerated, a registration that is no object is a request that nobody can read: it is said.
        new("v-ca.metadata.update.malformed-aws-key.json", "dead_lettered", "invalid"),
        new("v-ca.metadata.update.registration-failed.own-source.json", "ignored"),
        new("v-ca.metadata.update.registration-requested-non-primary.json", "handled", Writes: "RegisterCACertificate"),
        new("v-ca.metadata.update.registration-requested-primary.json", "handled", Writes: "RegisterCACertificate"),
        new("v-ca.metadata.update.registration-succeeded.go-doubled-source.json", "ignored"),
        new("v-ca.metadata.update.requested-minimal.json", "handled", Writes: "RegisterCACertificate"),

        // "Register once only": it is asked for and not there yet, so this event registers it as well as any other.
        new("v-ca.metadata.update.unrelated-key-while-requested.json", "handled", Writes: "RegisterCACertificate"),
        new("v-ca.sign.signature.data-base64.json", "ignored"),

        // Optional in the manifest; architecture §4.3: a revoked CA is INACTIVE.
        new("v-ca.status.update.revoked.json", "handled", Writes: "UpdateCACertificate"),
        new("v-certificate.metadata.update.critical-flip.json", "ignored"),

        // The next ones are of a device that this state does not have: nobody has to be asked.
        new("v-certificate.metadata.update.flip-without-attached-to.json", "ignored"),
        new("v-certificate.metadata.update.preventive-added-triggered.json", "ignored"),
        new("v-certificate.metadata.update.preventive-already-triggered.json", "ignored"),
        new("v-certificate.metadata.update.preventive-flip.second-certificate-same-id.json", "ignored"),
        new("v-certificate.metadata.update.previous-without-deltas-triggered.json", "ignored"),

        // Looked for in AWS by its SHA-256, and not there; its CA lets no device in by itself (architecture §4.2), so there is nothing to shut out.
        new("v-certificate.status.update.arn-empty.json", "ignored"),
        new("v-certificate.status.update.error.json", "ignored"),

        // Optional in the manifest; architecture §4.2: EXPIRED is INACTIVE. Here the certificate carries an ARN, so it is in AWS.
        new("v-certificate.status.update.expired.json", "handled", Writes: "UpdateCertificate"),
        new("v-certificate.status.update.no-metadata-key.json", "ignored"),

        // Optional in the manifest; §4 says what a deleted device leaves behind, and here there is no thing.
        new("v-device.delete.json", "ignored"),

        // The device is there, its DMS is not: gone from Lamassu (§5).
        new("v-device.metadata.update.actions-and-no-identity.json", "gone"),
        new("v-device.metadata.update.no-actions.json", "ignored"),
        new("v-device.metadata.update.no-metadata-key.json", "ignored"),
        new("v-device.metadata.update.unknown-action.json", "gone"),

        // Optional in the manifest; the issue: certificates follow Lamassu, the thing stays. None of them is in AWS here.
        new("v-device.status.update.decommissioned.json", "handled"),

        // Nobody in Lamassu is called so here. Of a device that is there, a bind in mode jitp does nothing (§3).
        new("v-dms.bind-device-id.mode-jitp.json", "gone"),
        new("v-dms.bind-device-id.no-metadata-key.json", "gone"),

        // The ARN is never written to a DMS (§3).
        new("v-dms.create.jitp.json", "handled", Writes: "CreatePolicy CreateThingGroup CreateThingGroup CreateProvisioningTemplate UpdateCACertificate"),
        new("v-dms.create.mode-none.json", "ignored"),
        new("v-dms.create.no-metadata-key.json", "ignored"),

        // It has no template.
        new("v-dms.delete.json", "ignored"),
        new("v-dms.metadata.update.policies-changed.json", "handled", Writes: "CreatePolicyVersion CreatePolicy"),
        new("v-dms.update.jitp-arn-written.go-doubled-source.json", "ignored"),
        new("v-dms.update.jitp-template-enabled.json", "handled", Writes: "CreatePolicy CreateThingGroup CreateThingGroup CreateProvisioningTemplate UpdateCACertificate"),
        new("v-dms.update.key-added.json", "handled", Writes: "CreatePolicy CreateThingGroup CreateThingGroup"),

        // "Skip or release": §4.4, a vanished key changes no device and disables the template, of which there is none.
        new("v-dms.update.key-removed.json", "ignored"),
        new("v-dms.update.managed-cas-changed-shadow-disabled.json", "ignored"),

        // Changed as a set; in this state the DMS has no devices to be asked.
        new("v-dms.update.managed-cas-duplicate-swap.json", "handled"),
        new("v-dms.update.managed-cas-null-to-empty.json", "ignored"),
        new("v-dms.update.no-relevant-change.json", "ignored"),

        // The manifest wants the removed policy detached; §4.4: removing is asked for, a removed policy changes no device. The text of the other one is pushed.
        new("v-dms.update.policy-removed.json", "handled", Writes: "CreatePolicyVersion"),
        new("v-dms.update.policy-whitespace-only.json", "ignored"),
        new("v-dms.update.switch-auto-to-jitp.json", "handled", Writes: "CreateProvisioningTemplate UpdateCACertificate"),

        // Its PEM can't be read, which must not stop its revocation; but in this state AWS has no such certificate.
        new("v-malformed.bad-certificate.json", "ignored"),
        new("v-malformed.bad-revocation-reason.json", "handled", Writes: "UpdateCertificate"),
        new("v-malformed.data-missing.json", "dead_lettered", "invalid"),
        new("v-malformed.data-null.json", "dead_lettered", "invalid"),
        new("v-malformed.data-string.json", "dead_lettered", "invalid"),
        new("v-malformed.data-wrong-types.json", "dead_lettered", "invalid"),
        new("v-malformed.envelope-no-specversion.json", "dead_lettered", "invalid"),
        new("v-malformed.not-a-cloudevent.json", "dead_lettered", "invalid"),
        new("v-malformed.truncated.invalid", "dead_lettered", "invalid"),
        new("v-unknown-type.json", "ignored"),
    ];

    /// <summary>Variants from the state that they were made for: what the story's messages up to the one of this number tell.</summary>
    public static IReadOnlyList<(int After, SampleOutcome Sample)> Later { get; } =
    [
        // Found by their SHA-256, with or without a note; a reason that nobody knows counts as a revocation, and the PEM of the event is not needed.
        (15, new("v-certificate.status.update.arn-empty.json", "handled", Writes: "UpdateCertificate DeleteConnection")),
        (15, new("v-certificate.status.update.no-metadata-key.json", "handled", Writes: "UpdateCertificate DeleteConnection")),
        (15, new("v-certificate.status.update.expired.json", "handled", Writes: "UpdateCertificate DeleteConnection")),
        (15, new("v-malformed.bad-certificate.json", "handled", Writes: "UpdateCertificate DeleteConnection")),
        (15, new("v-malformed.bad-revocation-reason.json", "handled", Writes: "UpdateCertificate DeleteConnection")),

        // "Decide" in the manifest: absent counts as not triggered (recording 57). Without the note of its device the CN tells it (§3); the manifest would skip it.
        (15, new("v-certificate.metadata.update.preventive-added-triggered.json", "handled", Writes: "UpdateThingShadow")),
        (15, new("v-certificate.metadata.update.previous-without-deltas-triggered.json", "handled", Writes: "UpdateThingShadow")),
        (15, new("v-certificate.metadata.update.flip-without-attached-to.json", "handled", Writes: "UpdateThingShadow")),
        (15, new("v-certificate.metadata.update.preventive-already-triggered.json", "ignored")),
        (15, new("v-certificate.metadata.update.critical-flip.json", "ignored")),
        (22, new("v-certificate.metadata.update.preventive-flip.second-certificate-same-id.json", "handled", Writes: "UpdateThingShadow")),

        // "Reject or pass through": §3, each action is written as it was asked for.
        (12, new("v-device.metadata.update.unknown-action.json", "handled", Writes: "UpdateThingShadow")),
        (12, new("v-device.metadata.update.actions-and-no-identity.json", "handled", Writes: "UpdateThingShadow")),
        (22, new("v-device.status.update.decommissioned.json", "handled", Writes: "UpdateThingShadow")),
        (22, new("v-device.delete.json", "handled", Writes: "UpdateThingShadow")),
    ];
}
