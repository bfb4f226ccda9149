using System.Globalization;

namespace LamassuAwsConnector.Sandbox.Lamassu.Wire;

/// <summary>Lamassu's structures as they come in requests, and the requests themselves.</summary>
internal static class WireModels
{
    public static readonly WireObject Subject = new(
        ("common_name", WireType.Text),
        ("organization", WireType.Text),
        ("organization_unit", WireType.Text),
        ("country", WireType.Text),
        ("state", WireType.Text),
        ("locality", WireType.Text));

    public static readonly WireObject Validity = new(("type", WireType.Text), ("duration", WireType.OptionalDuration), ("time", WireType.Time));

    public static readonly WireObject Profile = new(
        ("id", WireType.Text),
        ("name", WireType.Text),
        ("description", WireType.Text),
        ("validity", Validity),
        ("sign_as_ca", WireType.Flag),
        ("honor_key_usage", WireType.Flag),
        ("key_usage", WireNames.KeyUsage),
        ("honor_extended_key_usages", WireType.Flag),
        ("extended_key_usages", WireNames.ExtendedKeyUsage),
        ("honor_subject", WireType.Flag),
        ("subject", Subject),
        ("honor_extensions", WireType.Flag),
        ("crypto_enforcement", new WireObject(
            ("enabled", WireType.Flag),
            ("allow_rsa_keys", WireType.Flag),
            ("allowed_rsa_key_sizes", WireType.IntegerList),
            ("allow_ecdsa_keys", WireType.Flag),
            ("allowed_ecdsa_key_sizes", WireType.IntegerList))));

    public static readonly WireObject Slot = new(
        ("status", WireType.Text),
        ("active_version", WireType.Integer),
        ("type", WireType.Text),
        ("versions", WireType.MapOf(WireType.Text, VersionKey)),
        ("expiration_date", WireType.OptionalTime),
        ("events", WireType.MapOf(new WireObject(("type", WireType.Text), ("description", WireType.Text)), GoTime.Respell)));

    public static readonly WireObject CreateCA = new(
        ("id", WireType.Text),
        ("parent_id", WireType.Text),
        ("key_metadata", new WireObject(("key_id", WireType.Text), ("type", WireNames.KeyType), ("bits", WireType.Integer))),
        ("subject", Subject),
        ("profile_id", WireType.Text),
        ("ca_expiration", Validity),
        ("engine_id", WireType.Text),
        ("metadata", WireType.FreeMap),
        ("ca_issuance_profile_id", WireType.Text),
        ("ca_issuance_profile", WireType.Nullable(Profile)));

    public static readonly WireObject ImportCA = new(
        ("id", WireType.Text),
        ("profile_id", WireType.Text),
        ("ca", CertificateText.Certificate),
        ("private_key", WireType.Text),
        ("ca_request_id", WireType.Text));

    public static readonly WireObject UpdateStatus = new(("status", WireType.Text), ("revocation_reason", WireNames.Reason));

    public static readonly WireObject UpdateMetadata = new(
        ("patches", WireType.ListOf(new WireObject(("op", WireType.Text), ("path", WireType.Text), ("value", WireType.OptionalFree)))));

    public static readonly WireObject Reissue = new(("profile", WireType.Nullable(Profile)), ("profile_id", WireType.Text));

    public static readonly WireObject Sign = new(
        ("csr", CertificateText.CertificateRequest), ("profile", WireType.Nullable(Profile)), ("profile_id", WireType.Text));

    public static readonly WireObject ImportCertificate = new(("certificate", CertificateText.Certificate), ("metadata", WireType.FreeMap));

    public static readonly WireObject CreateDevice = new(
        ("id", WireType.Text),
        ("alias", WireType.Text),
        ("tags", WireType.TextList),
        ("metadata", WireType.FreeMap),
        ("dms_id", WireType.Text),
        ("icon", WireType.Text),
        ("icon_color", WireType.Text));

    public static readonly WireObject BindIdentity = new(
        ("bind_mode", WireType.Text), ("device_id", WireType.Text), ("certificate_serial_number", WireType.Text));

    private static readonly WireObject Est = new(
        ("auth_mode", WireType.Text),
        ("client_certificate_settings", new WireObject(
            ("validation_cas", WireType.TextList), ("chain_level_validation", WireType.Integer), ("allow_expired", WireType.Flag))),
        ("external_webhook_settings", new WireObject(
            ("name", WireType.Text),
            ("url", WireType.Text),
            ("method", WireType.Text),
            ("config", new WireObject(
                ("validate_server_cert", WireType.Flag),
                ("log_level", WireType.Text),
                ("auth_mode", WireType.Text),
                ("call_timeout", WireType.OptionalDuration),
                ("oidc", new WireObject(("client_id", WireType.Text), ("client_secret", WireType.Text), ("well_known", WireType.Text))),
                ("apikey", new WireObject(("key", WireType.Text), ("header", WireType.Text))),
                ("mtls", new WireObject(("cert", WireType.Text), ("key", WireType.Text))))))));

    private static readonly WireObject DmsSettings = new(
        ("server_keygen_settings", new WireObject(
            ("enabled", WireType.Flag), ("key", new WireObject(("type", WireNames.KeyType), ("bits", WireType.Integer))))),
        ("enrollment_settings", new WireObject(
            ("protocol", WireType.Text),
            ("est_rfc7030_settings", Est),
            ("device_provisioning_profile", new WireObject(
                ("icon", WireType.Text), ("icon_color", WireType.Text), ("metadata", WireType.FreeMap), ("tags", WireType.TextList))),
            ("enrollment_ca", WireType.Text),
            ("enable_replaceable_enrollment", WireType.Flag),
            ("registration_mode", WireType.Text),
            ("verify_csr_signature", WireType.Flag))),
        ("reenrollment_settings", new WireObject(
            ("est_rfc7030_settings", Est),
            ("additional_validation_cas", WireType.TextList),
            ("revoke_on_reenrollment", WireType.Flag),
            ("reenrollment_delta", WireType.Duration),
            ("enable_expired_renewal", WireType.Flag),
            ("preventive_delta", WireType.Duration),
            ("critical_delta", WireType.Duration))),
        ("ca_distribution_settings", new WireObject(
            ("include_system_ca", WireType.Flag), ("include_enrollment_ca", WireType.Flag), ("managed_cas", WireType.TextList))),
        ("issuance_profile_id", WireType.Text),
        ("issuance_profile", WireType.Nullable(Profile)));

    // After DmsSettings, which it holds: static members are made in the order of the text.
    public static readonly WireObject Dms = new(
        ("id", WireType.Text),
        ("name", WireType.Text),
        ("metadata", WireType.FreeMap),
        ("creation_ts", WireType.Time),
        ("settings", DmsSettings));

    private static string VersionKey(string name) => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var version)
        ? version.ToString(CultureInfo.InvariantCulture)
        : throw new WireException($"json: cannot unmarshal number {name} into Go struct field versions of type int");
}
