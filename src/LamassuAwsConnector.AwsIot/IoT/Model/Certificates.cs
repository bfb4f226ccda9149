#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class DescribeCertificateRequest : AmazonIoTRequest
{
    public string CertificateId { get; set; }
}

public partial class DescribeCertificateResponse : AmazonWebServiceResponse
{
    public CertificateDescription CertificateDescription { get; set; }
}

public partial class UpdateCertificateRequest : AmazonIoTRequest
{
    public string CertificateId { get; set; }

    public CertificateStatus NewStatus { get; set; }
}

public partial class UpdateCertificateResponse : AmazonWebServiceResponse;

public partial class RegisterCertificateRequest : AmazonIoTRequest
{
    public string CaCertificatePem { get; set; }

    public string CertificatePem { get; set; }

    [Obsolete("This property is deprecated")]
    public bool? SetAsActive { get; set; }

    public CertificateStatus Status { get; set; }
}

public partial class RegisterCertificateResponse : AmazonWebServiceResponse
{
    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }
}

public partial class ListCertificatesByCARequest : AmazonIoTRequest
{
    public bool? AscendingOrder { get; set; }

    public string CaCertificateId { get; set; }

    public string Marker { get; set; }

    public int? PageSize { get; set; }
}

public partial class ListCertificatesByCAResponse : AmazonWebServiceResponse
{
    public List<Certificate> Certificates { get; set; } = Unset.List<Certificate>();

    public string NextMarker { get; set; }
}

public partial class Certificate
{
    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }

    public CertificateMode CertificateMode { get; set; }

    public DateTime? CreationDate { get; set; }

    public CertificateStatus Status { get; set; }
}

public partial class CertificateDescription
{
    public string CaCertificateId { get; set; }

    public string CertificateArn { get; set; }

    public string CertificateId { get; set; }

    public CertificateMode CertificateMode { get; set; }

    public string CertificatePem { get; set; }

    public DateTime? CreationDate { get; set; }

    public int? CustomerVersion { get; set; }

    public string GenerationId { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public string OwnedBy { get; set; }

    public string PreviousOwnedBy { get; set; }

    public CertificateStatus Status { get; set; }

    public TransferData TransferData { get; set; }

    public CertificateValidity Validity { get; set; }
}

public partial class CertificateValidity
{
    public DateTime? NotAfter { get; set; }

    public DateTime? NotBefore { get; set; }
}

public partial class TransferData
{
    public DateTime? AcceptDate { get; set; }

    public DateTime? RejectDate { get; set; }

    public string RejectReason { get; set; }

    public DateTime? TransferDate { get; set; }

    public string TransferMessage { get; set; }
}
