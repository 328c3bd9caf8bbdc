"""The phrases that findings are said with in Vietnamese; `wording` puts dates, counts and codes in."""

from typing import Final

from portfolio.schedule.rules.phrases import Phrases

_WEEKDAYS: Final = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_SCOPES: Final = {
    "phase": "giai đoạn {name}",
    "milestone": "giai đoạn {phase}",
    "parcel": "lô đất {name}",
}

_PAUSE_NOUNS: Final = {"land": "bất khả kháng", "investment": "không tính tiến độ"}

_JOINTS: Final = {
    "term": "{months} tháng kết thúc {end}",
    "paused": ", cộng {days} ngày {noun} thành {end}",
    "rolled": ", trùng ngày nghỉ nên chuyển sang {end}",
    "held": "đang giữ do",
    "opinion": "cần ý kiến pháp lý",
    "open": " (chưa kết thúc)",
}

_CODES: Final = {
    "yes": "có",
    "no": "không",
    "ipa": "chấp thuận chủ trương đầu tư",
    "irc": "giấy chứng nhận đăng ký đầu tư",
    "adjusted": "văn bản điều chỉnh",
    "approved": "văn bản chấp thuận",
    "registered": "tiến độ đăng ký",
    "phase": "giai đoạn",
    "milestone": "mốc tiến độ",
    "handover": "chưa sử dụng từ khi bàn giao",
    "interruption": "ngừng sử dụng giữa chừng",
    "over": "đã hết hạn",
    "near": "sắp hết hạn",
    "unpaid": "chưa nộp",
    "expired": "bảo lãnh hết hạn",
    "land_handover": "bàn giao đất",
    "start": "khởi công",
    "construction_start": "khởi công",
    "completion": "hoàn thành xây dựng",
    "construction_completion": "hoàn thành xây dựng",
    "operation": "đưa vào hoạt động",
    "capital_paid": "góp vốn",
    "report_accepted": "báo cáo được chấp nhận",
    "milestone_met": "đạt mốc tiến độ",
    "milestone_reviewed": "rà soát mốc tiến độ",
    "land_act": "thủ tục đất đai",
    "disbursement": "giải ngân",
    "inspection_progress": "kiểm tra có tiến triển",
    "first_approval": "văn bản chấp thuận đầu tiên",
    "investor": "nhà đầu tư",
    "authority": "cơ quan nhà nước",
    "court": "tòa án",
    "investor_finance": "nhà đầu tư thiếu vốn",
    "investor_inactive": "nhà đầu tư không triển khai",
    "land_clearance": "vướng giải phóng mặt bằng",
    "market": "thị trường",
    "technical": "kỹ thuật",
    "licences": "giấy phép",
    "other": "nguyên nhân khác",
    "non_use": "không đưa đất vào sử dụng",
    "late_use": "chậm đưa đất vào sử dụng",
    "LAND-FM": "bất khả kháng đang diễn ra (LAND-FM)",
    "PAUSE": "thời gian không tính tiến độ đang diễn ra (PAUSE)",
    "ended_before_law": "tiến độ kết thúc trước ngày luật có hiệu lực",
    "right_unknown": "chưa ghi nhận còn quyền điều chỉnh tiến độ hay không",
    "extension_too_long": "gia hạn dài hơn mức luật cho phép",
    "handover_unknown": "chưa ghi nhận ngày bàn giao đất",
    "article_unread": "chưa đối chiếu điều khoản hiện hành",
}

_SENTENCES: Final[dict[str, str | dict[str, str]]] = {
    "SPECIAL": "dự án thuộc cơ chế đặc thù {special_mechanism}; các cảnh báo khác vẫn nêu và được giữ",
    "INV-LATE": {
        "phase": "tiến độ theo {schedule_kind} kết thúc {planned_end}{moved},"
        " tính đến {on} chưa hoàn thành (quá {days_over} ngày)",
        "milestone": "mốc {milestone} theo tiến độ là {planned_end}{moved},"
        " tính đến {on} chưa đạt (quá {days_over} ngày)",
    },
    "INV-T24-WARN": "tiến độ theo {schedule_kind} kết thúc {planned_end}{moved}, tính đến {on} chưa"
    " hoàn thành, đã quá mốc {warning_months} tháng ({warning_deadline}); mốc {ground_months} tháng"
    " là {ground_deadline}",
    "INV-T24": "tiến độ theo {schedule_kind} kết thúc {planned_end}{moved}, {term},"
    " tính đến {on} chưa hoàn thành mục tiêu (quá {days_over} ngày)",
    "ADJ-CAP24": "tiến độ được duyệt lần đầu kết thúc {planned_end}, {months} tháng là {term_end};"
    " đề nghị kết thúc {proposed_end}",
    "TERM-END": {
        "over": "thời hạn hoạt động kết thúc {operating_end}, tính đến {on} đã quá {days_over} ngày",
        "near": "thời hạn hoạt động kết thúc {operating_end}, tính đến {on} còn {days_left} ngày",
    },
    "T-SUSP": "bị ngừng hoạt động từ {suspended_on}, ngày {inability_recorded_on} ghi nhận không có"
    " khả năng khắc phục",
    "T-LOC6": "không được tiếp tục sử dụng địa điểm từ {site_lost_on}, {term}, tính đến {on} chưa nộp"
    " hồ sơ điều chỉnh địa điểm trong hạn (quá {days_over} ngày)",
    "T-NOCONTACT12": "ngừng hoạt động từ {stopped_on}, {term}, tính đến {on} đã liên hệ {attempts} lần"
    " không được (quá {days_over} ngày)",
    "T-LAND": "có quyết định thu hồi đất ngày {recovered_on}",
    "T-DEPOSIT": {
        "unpaid": "phải ký quỹ trước hết ngày {due_on}, tính đến {on} chưa nộp (quá {days_over} ngày)",
        "expired": "bảo lãnh ký quỹ hết hạn {guarantee_expires_on}, tính đến {on} chưa thay thế"
        " (quá {days_over} ngày)",
    },
    "T-SHAM": "có kết luận giao dịch dân sự giả tạo: {paper}",
    "T-COURT": "có bản án, quyết định hoặc phán quyết: {paper}",
    "T-DISSOLVED": "doanh nghiệp giải thể ngày {dissolved_on}, tính đến {on} dự án chưa chấm dứt và"
    " chưa chuyển nhượng",
    "SUS-12": "nhà đầu tư tự ngừng từ {suspended_on}, {term}, tính đến {on} vẫn ngừng"
    " (quá {days_over} ngày)",
    "LAND-12": {
        "handover": "đất bàn giao {handed_over_on}, {term}, tính đến {on} chưa đưa vào sử dụng"
        " (quá {days_over} ngày)",
        "interruption": "đất ngừng sử dụng từ {interrupted_on}, {term}, tính đến {on} chưa sử dụng lại"
        " (quá {days_over} ngày)",
    },
    "LAND-24": "tiến độ sử dụng đất kết thúc {land_schedule_end}{moved}, {term},"
    " tính đến {on} chưa đưa vào sử dụng (quá {days_over} ngày)",
    "LAND-EXT": "được gia hạn sử dụng đất từ {extension_from} đến {deadline},"
    " tính đến {on} còn {days_left} ngày",
    "LAND-RECOVER": "thời gian gia hạn sử dụng đất kết thúc {deadline}, tính đến {on} chưa đưa vào"
    " sử dụng (quá {days_over} ngày)",
    "STALLED": "dấu hiệu hoạt động cuối cùng ngày {last_sign} ({last_sign_kind}), {term},"
    " tính đến {on} không có dấu hiệu mới (quá {days_over} ngày)",
    "UNDATED": "dự án đã cấp phép nhưng chưa có mốc tiến độ nào",
    "REP-Q": "chưa nhận báo cáo quý {missing}, hạn sớm nhất {deadline}, tính đến {on} chậm"
    " {days_over} ngày",
    "REP-Y": "chưa nhận báo cáo năm {missing}, hạn sớm nhất {deadline}, tính đến {on} chậm"
    " {days_over} ngày",
    "REP-M6": "chưa nhận báo cáo giám sát 6 tháng {missing}, hạn sớm nhất {deadline}, tính đến {on}"
    " chậm {days_over} ngày",
    "REP-MY": "chưa nhận báo cáo giám sát năm {missing}, hạn sớm nhất {deadline}, tính đến {on} chậm"
    " {days_over} ngày",
    "EZA-MARK": "cán bộ ghi nhận chậm tiến độ ngày {marked_on}, nguyên nhân: {cause}",
}

_STEPS: Final = {
    "case": "Trường hợp: {value}",
    "schedule_kind": "Căn cứ tiến độ: {value}",
    "schedule_approved_on": "Văn bản tiến độ ngày {value}",
    "milestone": "Mốc: {value}",
    "proposed_end": "Ngày kết thúc đề nghị: {value}",
    "planned_end": "Ngày kết thúc theo tiến độ: {value}",
    "pause": "Cộng thời gian không tính: {value}",
    "effective_end": "Ngày kết thúc sau khi cộng: {value}",
    "months": "Thời hạn: {value} tháng",
    "term_end": "Hết thời hạn vào {value}",
    "term_pause": "Cộng thời gian không tính vào thời hạn: {value}",
    "paused_end": "Hết thời hạn sau khi cộng: {value}",
    "rolled_end": "Trùng ngày nghỉ, chuyển sang ngày làm việc tiếp theo: {value}",
    "holidays_unknown": "Chưa có bảng ngày nghỉ lễ năm {value}: chỉ tính thứ Bảy, Chủ nhật",
    "in_force_from": "Chỉ áp dụng từ {value}",
    "on": "Ngày tính: {value}",
    "days_over": "Quá hạn: {value} ngày",
    "days_left": "Còn lại: {value} ngày",
    "deadline": "Hạn: {value}",
    "held_by": "Đang giữ do: {value}",
    "legal_opinion": "Cần ý kiến pháp lý: {value}",
    "warning_months": "Đã quá mốc cảnh báo {value} tháng",
    "warning_deadline": "Mốc cảnh báo hết ngày {value}",
    "ground_months": "Mốc căn cứ chấm dứt: {value} tháng",
    "ground_deadline": "Mốc căn cứ chấm dứt hết ngày {value}",
    "no_adjustment_right": "Đã hết quyền điều chỉnh tiến độ: {value}",
    "pending_adjustment": "Đang xin điều chỉnh tiến độ: {value}",
    "special_mechanism": "Cơ chế đặc thù: {value}",
    "handed_over_on": "Bàn giao đất: {value}",
    "first_used_on": "Đưa đất vào sử dụng: {value}",
    "interrupted_on": "Ngừng sử dụng đất từ {value}",
    "land_schedule_end": "Tiến độ sử dụng đất kết thúc: {value}",
    "extension_from": "Gia hạn từ {value}",
    "extension_to": "Gia hạn đến {value}",
    "extension_decision": "Quyết định gia hạn: {value}",
    "extension_months": "Gia hạn tối đa {value} tháng",
    "extension_limit": "Mức gia hạn tối đa kết thúc {value}",
    "last_sign": "Dấu hiệu hoạt động cuối cùng: {value}",
    "last_sign_kind": "Loại dấu hiệu: {value}",
    "first_approved_on": "Chấp thuận đầu tiên: {value}",
    "missing": "Kỳ chưa nhận báo cáo: {value}",
    "in_a_row": "Số kỳ liên tiếp chưa nhận: {value}",
    "missed_in_a_row": "Từ {value} kỳ liên tiếp trở lên thì phải rà soát",
    "marked_on": "Ngày ghi nhận: {value}",
    "cause": "Nguyên nhân: {value}",
    "severity": "Mức độ: {value}",
    "operating_end": "Thời hạn hoạt động kết thúc: {value}",
    "suspended_on": "Ngừng từ {value}",
    "suspended_by": "Bên ngừng: {value}",
    "inability_recorded_on": "Ghi nhận không có khả năng khắc phục: {value}",
    "site_lost_on": "Mất quyền sử dụng địa điểm: {value}",
    "relocation_filed_on": "Nộp hồ sơ điều chỉnh địa điểm: {value}",
    "stopped_on": "Ngừng hoạt động: {value}",
    "attempts": "Số lần liên hệ không được: {value}",
    "recovered_on": "Thu hồi đất: {value}",
    "recovery_ground": "Căn cứ thu hồi đất: {value}",
    "due_on": "Hạn ký quỹ: {value}",
    "paid_on": "Ngày ký quỹ: {value}",
    "guarantee_expires_on": "Bảo lãnh hết hạn: {value}",
    "paper": "Văn bản: {value}",
    "dissolved_on": "Doanh nghiệp giải thể: {value}",
    "transferred_on": "Chuyển nhượng dự án: {value}",
}

VIETNAMESE: Final = Phrases(_WEEKDAYS, _SCOPES, _PAUSE_NOUNS, _JOINTS, _CODES, _SENTENCES, _STEPS)
