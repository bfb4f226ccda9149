using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// What no source at hand says about AWS IoT Core, each in the stricter reading, each here and nowhere else. Once the live service was
/// asked, this is the file to change. Not imitated: that detaching and policy changes take seconds to minutes to be seen.
/// </summary>
internal static partial class Assumptions
{
    // The developer guide names 5, 6 and 8.
    public const int ShadowLevels = 5;

    // Operations whose quota was not found get the quota of most of the others.
    public const int TransactionsPerSecond = 10;

    // The service model has no pattern for values; AWS's tagging rules have that of the keys.
    public static Regex TagValuePattern => TagValues();

    // CA certificates: which of the two possible exceptions it is.
    public static AwsException VerificationCertificateMissing() => AwsException.InvalidRequest("In mode DEFAULT a verification certificate is required");

    public static AwsException VerificationCertificateInSniOnlyMode() =>
        AwsException.InvalidRequest("In mode SNI_ONLY the verification certificate must be empty");

    // The same certificate again, in whatever mode.
    public static AwsException CAAlreadyRegisteredHere(CACertificate known, RegionState state) =>
        AwsException.AlreadyExists("The CA certificate is already registered", known.Id, known.Arn(state));

    // Registered in mode DEFAULT elsewhere: neither id nor ARN, since both would be another account's. SNI_ONLY next to it is allowed.
    public static AwsException CAOfAnotherAccount() => AwsException.AlreadyExists("The CA certificate is already registered by another account");

    public static AwsException TooManyCAsOfOneSubject(int most) =>
        AwsException.LimitExceeded($"At most {most} CA certificates with the same subject can be registered");

    public static AwsException MoreThanOneCertificate(string member) =>
        AwsException.CertificateValidation($"The {member} holds more than one certificate in PEM");

    /// <summary>removeAutoRegistration takes the configuration away and leaves the auto registration status alone.</summary>
    public static void AfterRemovingAutoRegistration(CACertificate ca) => ca.RegistrationConfig = null;

    // Device certificates: RegisterCertificate has CertificateValidation and CertificateState, which of them is not said.
    public static AwsException CANotRegistered() => AwsException.CertificateValidation("No CA certificate registered in this account signed the certificate");

    public static AwsException CAInactive(string caId) => AwsException.CertificateState($"The CA certificate {caId} is INACTIVE");

    public static AwsException StatusNotSettable(string status) => AwsException.InvalidRequest($"The status of a certificate cannot be set to '{status}'");

    // That REVOKED is final is documented, the exception is not. CertificateState is the only one of the operation that fits.
    public static AwsException RevokedIsFinal(string id) => AwsException.CertificateState($"The certificate {id} is REVOKED, which is final");

    // RegisterThing. Its model has no other exception for these.
    public static AwsException RevokedCertificateInTemplate(string id) => AwsException.ResourceRegistrationFailure($"The certificate {id} is REVOKED");

    // FAIL is documented as "ResourceConflictsException", which is in no model.
    public static AwsException ResourceExists(string logicalName) => AwsException.ResourceRegistrationFailure($"Resource {logicalName} exists already");

    // Without OverrideSettings an existing resource must be as the template has it.
    public static AwsException DiffersWithoutOverride(string logicalName, string property) =>
        AwsException.ResourceRegistrationFailure($"Resource {logicalName} exists with another {property}, and the template has no OverrideSettings for it");

    // "Left unreplaced", says the guide: no property takes what is left.
    public static AwsException UnresolvedReference(string name) => AwsException.InvalidRequest($"Invalid template: '{name}' has no value");

    public static AwsException ThingBeingProvisioned(string name) =>
        AwsException.ConflictingResourceUpdate($"Thing {name} is being registered by another call");

    // Things and groups.
    public static AwsException ThingHasPrincipals(string name) =>
        AwsException.InvalidRequest($"Cannot delete. Thing {name} is still attached to one or more principals");

    public static AwsException NotAttached(string thing, string certificateId) =>
        AwsException.NotFound($"Certificate {certificateId} is not attached to thing {thing}");

    public static AwsException ExclusiveElsewhere(string certificateId) =>
        AwsException.InvalidRequest($"Certificate {certificateId} is exclusive to one thing");

    /// <summary>A group that exists under another parent counts as different.</summary>
    public static bool SameParent(ThingGroup known, string? parentName) => known.Parent?.Name == parentName;

    // The model lists no ResourceNotFound for CreateThingGroup.
    public static AwsException ParentGroupMissing(string name) => AwsException.InvalidRequest($"Parent thing group {name} does not exist");

    public static AwsException TwoGroupsOfOneHierarchy(string thing, string group, string present) =>
        AwsException.InvalidRequest($"Thing {thing} cannot be added to group {group}: it is in group {present} of the same hierarchy");

    public static AwsException TooManyGroups(string thing, int most) => AwsException.InvalidRequest($"Thing {thing} is in {most} groups, which is the most");

    // Policies: IAM's default version has no policy variables, AWS IoT's examples all name this one.
    public static AwsException PolicyVersionMissing() => AwsException.MalformedPolicy("The Version of a policy is 2012-10-17");

    // Provisioning templates: DeleteConflict is modelled, its triggers are not said.
    public static AwsException TemplateInUse(string name, string caId) => AwsException.DeleteConflict($"Template {name} is used by CA certificate {caId}");

    public static AwsException TemplateHasVersions(string name) => AwsException.DeleteConflict($"Template {name} has versions besides its default version");

    public static AwsException DefaultTemplateVersion(string name) => AwsException.DeleteConflict($"The default version of template {name} cannot be deleted");

    // Shadows.
    public static AwsException NullInShadowList() => AwsException.InvalidRequest("State contains an invalid node: null in a list");

    /// <summary>A request that names a version does not create a shadow, nor bring a deleted one back.</summary>
    public static bool VersionMayNameNoShadow => false;

    // Only the form of the classic shadow's message was seen.
    public static string NameOfNamedShadow(string thing, string shadow) => $"{thing}~{shadow}";

    public static AwsException ClientNotConnected(string clientId) => AwsException.NotFound($"Client {clientId} is not connected");

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z")]
    private static partial Regex TagValues();
}
