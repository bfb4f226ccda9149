using Amazon.Runtime;

namespace Amazon.IoT;

public class AutoRegistrationStatus(string value) : ConstantClass(value)
{
    public static readonly AutoRegistrationStatus DISABLE = new("DISABLE");

    public static readonly AutoRegistrationStatus ENABLE = new("ENABLE");

    public static AutoRegistrationStatus FindValue(string value) => FindValue<AutoRegistrationStatus>(value);

    public static implicit operator AutoRegistrationStatus(string value) => FindValue(value);
}

public class CACertificateStatus(string value) : ConstantClass(value)
{
    public static readonly CACertificateStatus ACTIVE = new("ACTIVE");

    public static readonly CACertificateStatus INACTIVE = new("INACTIVE");

    public static CACertificateStatus FindValue(string value) => FindValue<CACertificateStatus>(value);

    public static implicit operator CACertificateStatus(string value) => FindValue(value);
}

public class CertificateMode(string value) : ConstantClass(value)
{
    public static readonly CertificateMode DEFAULT = new("DEFAULT");

    public static readonly CertificateMode SNI_ONLY = new("SNI_ONLY");

    public static CertificateMode FindValue(string value) => FindValue<CertificateMode>(value);

    public static implicit operator CertificateMode(string value) => FindValue(value);
}

public class CertificateStatus(string value) : ConstantClass(value)
{
    public static readonly CertificateStatus ACTIVE = new("ACTIVE");

    public static readonly CertificateStatus INACTIVE = new("INACTIVE");

    public static readonly CertificateStatus PENDING_ACTIVATION = new("PENDING_ACTIVATION");

    public static readonly CertificateStatus PENDING_TRANSFER = new("PENDING_TRANSFER");

    public static readonly CertificateStatus REGISTER_INACTIVE = new("REGISTER_INACTIVE");

    public static readonly CertificateStatus REVOKED = new("REVOKED");

    public static CertificateStatus FindValue(string value) => FindValue<CertificateStatus>(value);

    public static implicit operator CertificateStatus(string value) => FindValue(value);
}

public class DynamicGroupStatus(string value) : ConstantClass(value)
{
    public static readonly DynamicGroupStatus ACTIVE = new("ACTIVE");

    public static readonly DynamicGroupStatus BUILDING = new("BUILDING");

    public static readonly DynamicGroupStatus REBUILDING = new("REBUILDING");

    public static DynamicGroupStatus FindValue(string value) => FindValue<DynamicGroupStatus>(value);

    public static implicit operator DynamicGroupStatus(string value) => FindValue(value);
}

public class TemplateType(string value) : ConstantClass(value)
{
    public static readonly TemplateType FLEET_PROVISIONING = new("FLEET_PROVISIONING");

    public static readonly TemplateType JITP = new("JITP");

    public static TemplateType FindValue(string value) => FindValue<TemplateType>(value);

    public static implicit operator TemplateType(string value) => FindValue(value);
}

public class ThingPrincipalType(string value) : ConstantClass(value)
{
    public static readonly ThingPrincipalType EXCLUSIVE_THING = new("EXCLUSIVE_THING");

    public static readonly ThingPrincipalType NON_EXCLUSIVE_THING = new("NON_EXCLUSIVE_THING");

    public static ThingPrincipalType FindValue(string value) => FindValue<ThingPrincipalType>(value);

    public static implicit operator ThingPrincipalType(string value) => FindValue(value);
}
